import { STATES, STATUS_STATES, type State } from '../../domain/status.ts'

// The rules of `domain/status.ts` as SQL. States are gathered as bits of a number, so that groups add up by `bit_or`.

/** `cancel_requested` is the one member of an enum that is called otherwise in JSON. */
export const testStatus = (column: string) =>
  `case ${column} when 'cancel_requested' then 'cancel-requested' else ${column} end`

/** The state that a status (an expression) says, as `stateOfStatus` does. */
export function stateSql(status: string): string {
  return caseOf(status, (state) => `'${state}'`)
}

/** The same as a bit. */
export function stateBitSql(status: string): string {
  return caseOf(status, (state) => String(bitOf(state)))
}

/** The state of a whole from the bits of its parts (an expression), as `combineStates` does. */
export function combinedSql(bits: string): string {
  const has = (state: State) => `${bits} & ${bitOf(state)} <> 0`
  const worst = (['failure', 'error', 'canceled', 'success'] as const).map((s) => `when ${has(s)} then '${s}'`)
  const others = ALL_BITS & ~(bitOf('pending') | bitOf('skipped'))
  return `case when ${has('running')} then 'running'
    when ${has('pending')} then case when ${bits} & ${others} = 0 then 'pending' else 'running' end
    ${worst.join(' ')} else 'skipped' end`
}

const bitOf = (state: State) => 2 ** STATES.indexOf(state)
const ALL_BITS = 2 ** STATES.length - 1

function caseOf(status: string, write: (state: State) => string): string {
  const whens = STATES.map((state) => {
    const others = Object.keys(STATUS_STATES).filter((word) => STATUS_STATES[word] === state)
    const words = [state, ...others].map((word) => `'${word}'`).join(', ')
    return `when ${status} in (${words}) then ${write(state)}`
  })
  return `case ${whens.join(' ')} when ${status} is null then ${write('pending')} else ${write('error')} end`
}
