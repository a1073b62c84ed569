/**
 * A certificate for `files.test` and `git.test` that signs itself, good until 2126, for servers that a test starts on this
 * machine. Nobody trusts it, so its key protects nothing.
 */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBozCCAUigAwIBAgIUcR+NLGGhZKhmgWeq1eo7oohBFdMwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKZmlsZXMudGVzdDAgFw0yNjExMjQwMzM5MzZaGA8yMTI2MTAz
MTAzMzkzNlowFTETMBEGA1UEAwwKZmlsZXMudGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABNLTFeNAl1UQBIe1J2nZndcuiB+BmFdYtozo70b86Bfa9kDQCAvu
Lxdww/ewyeDeq0zD8xlxiN+vKXsAGs1yyAqjdDByMB0GA1UdDgQWBBT6xjQdhoyx
hicA8b6AldZLxHLS1TAfBgNVHSMEGDAWgBT6xjQdhoyxhicA8b6AldZLxHLS1TAP
BgNVHRMBAf8EBTADAQH/MB8GA1UdEQQYMBaCCmZpbGVzLnRlc3SCCGdpdC50ZXN0
MAoGCCqGSM49BAMCA0kAMEYCIQCSwy6BBcZRoLqNaYEgJvuQzvxQGXrUoKRT0iIk
gP12jwIhAPeYgtkvkYx8PlUJFiYiS5jpY7UzgDvZinJpYWaXbtuZ
-----END CERTIFICATE-----
`

export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5nXPUyoMB1IcrT4k
vjmkgFvCs1ULytsTYsKVHp+szAKhRANCAATS0xXjQJdVEASHtSdp2Z3XLogfgZhX
WLaM6O9G/OgX2vZA0AgL7i8XcMP3sMng3qtMw/MZcYjfryl7ABrNcsgK
-----END PRIVATE KEY-----
`
