/**
 * A certificate for this machine that signs itself, good until 2126: the fake broker and its clients both show it. Nobody else
 * trusts it, so its key protects nothing.
 */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUV8Ma7Oo3QKGsZimjHwNTtjT3BVAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjAxNDIyOFoYDzIxMjYxMTAy
MDE0MjI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASsvAAC3KszwHjWfk9vSMR7/5ADCXtyJT7udpMJWqwrhj5fwq8l3DHZ
hmBtTOg/ABNp+QlA0YxiuTWoP3BEN7o5o28wbTAdBgNVHQ4EFgQUWePYCLLugjb0
Ck8y+vYiiHTIOfEwHwYDVR0jBBgwFoAUWePYCLLugjb0Ck8y+vYiiHTIOfEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgX78G1Mt+vhfPACr0U2fDLnVjOHGFygHBlpO4cqr2s50CIF5L
q/Ip3ho1YnDfrjelU12YojnPPeyLp2fFuzLshTXu
-----END CERTIFICATE-----
`

export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSVbMaFPmprA2bxTe
jQoIhZu8m9PjPuIP/xDWi8Lcp/WhRANCAASsvAAC3KszwHjWfk9vSMR7/5ADCXty
JT7udpMJWqwrhj5fwq8l3DHZhmBtTOg/ABNp+QlA0YxiuTWoP3BEN7o5
-----END PRIVATE KEY-----
`
