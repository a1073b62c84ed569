import Type, { type Static } from 'typebox'
import { SCOPE_WORDS } from '../../domain/token.ts'
import { instantOrNull, nullable, textOrNull, words } from './common.ts'

export const SignIn = Type.Object(
  {
    token: Type.Optional(Type.String({ description: 'a token', maxLength: 200 })),
    code: Type.Optional(
      Type.String({ description: 'the code of a link that `packit-service sign-in-link` printed', maxLength: 200 }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    description: 'an object with one of token and code',
    examples: [{ token: 'pkt_…' }],
  },
)
export type SignIn = Static<typeof SignIn>

export const SessionInfo = Type.Object(
  {
    name: textOrNull('Who asks, as the audit log names them; null for nobody'),
    by: nullable(words(['token', 'forge', 'link'], { description: 'What they signed in with' })),
    login: textOrNull('Their name at the forge, for people of one'),
    scopes: Type.Array(words(SCOPE_WORDS), { description: 'What they may do everywhere here' }),
    expires_at: instantOrNull('When the session ends if it is not used; null without one'),
    csrf: textOrNull('To be sent with each write of the session, in the header X-Packit-CSRF'),
    may_write_runs: nullable(
      Type.Boolean({
        description: 'Whether they may retry, cancel and approve the run that was asked about; else null',
      }),
    ),
    may_read: Type.Boolean({ description: 'Whether they may read what is known here' }),
    sign_in_forge: textOrNull('Host of the forge at which one may sign in here, if there is one'),
  },
  {
    $id: 'Session',
    description: 'Who asks, and what they may do.',
    examples: [
      {
        name: 'github.com/ann',
        by: 'forge',
        login: 'ann',
        scopes: [],
        expires_at: 1780043700.25,
        csrf: '3vJx2eXk0Qm9Zs7oPpZ6d1mO0x4u9kR8wq2dT5sVb1c',
        may_write_runs: true,
        may_read: true,
        sign_in_forge: 'github.com',
      },
    ],
  },
)
export type SessionInfo = Static<typeof SessionInfo>

export const SignedOut = Type.Object(
  { signed_out: Type.Boolean({ description: 'False when nobody was signed in' }) },
  { $id: 'SignedOut', description: 'The session has ended.', examples: [{ signed_out: true }] },
)

export const sessionModels = [SessionInfo, SignedOut]
