import type { Config, Env } from './types.ts'

const KEY_OF_BUCKET = 'a key for the bucket of PACKIT_STORAGE_URL'

/** All of them, or none. */
const COPR_SETTINGS = [
  ['PACKIT_COPR_URL', 'the address of the Copr to build in'],
  ['PACKIT_COPR_LOGIN', 'the login of an API token, from the page /api/ of that Copr'],
  ['PACKIT_COPR_TOKEN', 'the API token, from the same page'],
  ['PACKIT_COPR_OWNER', 'the account of the token, or a @group of it'],
] as const

/** Settings that are worth nothing without each other. */
export function missingTogether({ github, builder, storage, s3, testingFarm }: Config, env: Env): string[] {
  const { appId, privateKey, webhookSecret, clientId, clientSecret } = github
  const isSet = (name: string) => Boolean(env[name] || env[`${name}_FILE`])
  const lacks = (name: string, what: string) => (isSet(name) ? [] : [`${name} is not set; expected: ${what}`])
  const wantsCopr = builder === 'copr' || COPR_SETTINGS.some(([name]) => isSet(name))
  return [
    ...(wantsCopr ? COPR_SETTINGS.flatMap(([name, what]) => lacks(name, what)) : []),
    ...(appId && !privateKey
      ? lacks('PACKIT_GITHUB_PRIVATE_KEY', 'the private key of the App of PACKIT_GITHUB_APP_ID')
      : []),
    ...(privateKey && !appId ? lacks('PACKIT_GITHUB_APP_ID', 'the id of the App of PACKIT_GITHUB_PRIVATE_KEY') : []),
    ...(appId && !webhookSecret ? lacks('PACKIT_GITHUB_WEBHOOK_SECRET', 'the webhook secret of the App') : []),
    ...(clientId && !clientSecret ? lacks('PACKIT_GITHUB_CLIENT_SECRET', 'a client secret of the App') : []),
    ...(storage?.kind === 's3' && !s3.accessKey ? lacks('PACKIT_S3_ACCESS_KEY', KEY_OF_BUCKET) : []),
    ...(storage?.kind === 's3' && !s3.secretKey ? lacks('PACKIT_S3_SECRET_KEY', KEY_OF_BUCKET) : []),
    ...(isSet('PACKIT_MESSAGES_URL')
      ? lacks('PACKIT_MESSAGES_QUEUE', 'a UUID, as uuidgen prints: made once and kept for this installation')
      : []),
    ...(isSet('PACKIT_MESSAGES_CERT')
      ? lacks('PACKIT_MESSAGES_KEY', 'the file with the key of PACKIT_MESSAGES_CERT')
      : []),
    ...(isSet('PACKIT_MESSAGES_KEY')
      ? lacks('PACKIT_MESSAGES_CERT', 'the file with the certificate of PACKIT_MESSAGES_KEY')
      : []),
    ...(clientSecret && !clientId ? lacks('PACKIT_GITHUB_CLIENT_ID', 'the client id of the App') : []),
    ...(testingFarm.internalToken && !testingFarm.token
      ? lacks('PACKIT_TESTING_FARM_TOKEN', 'a token of the public ranch, which tests go to that are not internal')
      : []),
  ]
}
