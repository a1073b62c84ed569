import type { JobView } from '../domain/package-config/types.ts'
import type { PlanContext } from './decide-plan.ts'

/**
 * The name of the check of one build target: `rpm-build[:<branch or tag>]:<chroot>[:<identifier>]`, or what the
 * configuration's `status_name_template` makes of it. A template that can't be filled in is left aside.
 */
export function checkName(view: JobView, chroot: string, context: Pick<PlanContext, 'on' | 'label'>): string {
  const event = context.on === 'pull_request' ? '' : context.label.replaceAll(':', '-')
  const identifier = view.identifier ?? ''
  const byDefault = ['rpm-build', event, chroot, identifier].filter(Boolean).join(':')
  const template = view.options.status_name_template
  if (!template) return byDefault
  return fillIn(template, { job_name: 'rpm-build', chroot, event, identifier, package: view.package }) ?? byDefault
}

/** Replaces `{name}`, `{{` and `}}`; `undefined` when the template names something unknown or is malformed. */
function fillIn(template: string, values: Record<string, string>): string | undefined {
  let failed = false
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (part, name: string | undefined) => {
    if (part === '{{') return '{'
    if (part === '}}') return '}'
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) failed = true
    return value ?? ''
  })
  return failed || text === '' ? undefined : text
}
