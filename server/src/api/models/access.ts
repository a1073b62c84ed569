import Type, { type Static } from 'typebox'
import { text, textOrNull, whole, wholeOrNull, words } from './common.ts'

export const AllowlistEntry = Type.Object(
  {
    namespace: text('github.com/acme, or one repository: github.com/acme/hello.git'),
    status: words(['approved_automatically', 'waiting', 'approved_manually', 'denied']),
    fas_account: textOrNull('Fedora account by which it was approved automatically'),
  },
  { $id: 'AllowlistEntry', description: 'Who may start work, or waits for it.' },
)
export type AllowlistEntry = Static<typeof AllowlistEntry>

export const Installation = Type.Object(
  {
    account_login: textOrNull(),
    account_id: wholeOrNull(),
    account_type: textOrNull('User or Organization'),
    account_url: textOrNull(),
    sender_login: textOrNull(),
    sender_id: wholeOrNull(),
    created_at: textOrNull('DD/MM/YYYY HH:MM:SS, UTC'),
    id: whole('Id for GET /installations/{id}'),
  },
  { $id: 'Installation', description: 'An account that has the GitHub App installed.' },
)
export type Installation = Static<typeof Installation>

export const accessModels = [AllowlistEntry, Installation]
