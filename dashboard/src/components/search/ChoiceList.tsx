import { useEffect, useRef } from 'react'
import type { Choice, ChoiceGroup } from '../../lib/hits.ts'
import type { IconName } from '../../lib/state.ts'
import { Icon } from '../Icon.tsx'
import { StateMark } from '../StateLabel.tsx'
import { LIST_ID } from './list-handle.ts'

export function optionId(index: number): string {
  return `${LIST_ID}-${index}`
}

/** An id holds no blanks. */
function headingId(name: string): string {
  return `${LIST_ID}-${name.replaceAll(' ', '-')}`
}

interface ChoiceListProps {
  groups: readonly ChoiceGroup[]
  /** The line that is meant; -1 for none. */
  index: number
  onChoose: (choice: Choice) => void
}

/** Lines to choose from, in groups. The focus stays in the field. */
export function ChoiceList({ groups, index, onChoose }: ChoiceListProps) {
  let next = 0
  if (groups.length === 0) return null
  return (
    <div id={LIST_ID} role="listbox" aria-label="Hits" className="choices">
      {groups.map(({ name, icon, choices }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list to choose from
        <div key={name} role="group" aria-labelledby={headingId(name)} className="choice-group">
          <div id={headingId(name)} role="presentation" className="choice-kind subtle">
            {name}
          </div>
          {choices.map((choice) => {
            const at = next++
            const key = choice.page ? `${choice.page} ${choice.label}` : choice.label
            return (
              <Option
                key={key}
                icon={icon}
                choice={choice}
                id={optionId(at)}
                isActive={at === index}
                onChoose={onChoose}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}

interface OptionProps {
  choice: Choice
  icon: IconName
  id: string
  isActive: boolean
  onChoose: (choice: Choice) => void
}

/** A link, so that it can be opened in another tab; chosen here by a click, and from the field by Enter. */
function Option({ choice, icon, id, isActive, onChoose }: OptionProps) {
  const { label, detail, page, state } = choice
  const line = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (isActive) line.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  return (
    <a
      ref={line}
      id={id}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      className={`choice ${isActive ? 'active' : ''}`}
      href={page?.slice(1) ?? '#'}
      // the field keeps the focus, or the list would close before the click
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => {
        if (page !== null && (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) return
        event.preventDefault()
        onChoose(choice)
      }}
    >
      <span className="choice-mark">
        {state ? <StateMark state={state} /> : <Icon name={page === null ? 'search' : icon} />}
      </span>
      <span className="choice-text">
        <span className="name strong">{label}</span>
        {detail ? <span className="choice-detail subtle">{detail}</span> : null}
      </span>
    </a>
  )
}
