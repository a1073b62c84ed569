import type { ComponentProps } from 'react'
import { Icon } from './Icon.tsx'

/** A field to search in, with its icon. `label` is its name for who does not see the icon. */
export function SearchInput({
  label,
  ...input
}: { label: string } & Omit<ComponentProps<'input'>, 'type' | 'className'>) {
  return (
    <div className="pf-v6-c-text-input-group">
      <div className="pf-v6-c-text-input-group__main pf-m-icon">
        <span className="pf-v6-c-text-input-group__text">
          <span className="pf-v6-c-text-input-group__icon">
            <Icon name="search" />
          </span>
          <input {...input} className="pf-v6-c-text-input-group__text-input" type="search" aria-label={label} />
        </span>
      </div>
    </div>
  )
}
