import type { CheckAnnotation } from '../../domain/check.ts'
import type { Forge, ForgeRepository, ShownCheck } from '../forge.ts'
import { type Call, readAnswer } from './client.ts'
import { nameOf, type RepositoryClient } from './repositories.ts'
import { ANNOTATIONS_A_REQUEST, annotationFields, checkFields, outputFields, statusFields } from './texts.ts'

type Checks = Pick<Forge, 'createCheck' | 'updateCheck' | 'findCheck' | 'setStatus'>

/** Check runs, and commit statuses where those are not to be had. */
export function createChecks(repositories: RepositoryClient): Checks {
  const ask = (repository: ForgeRepository, call: Call) => repositories.ask(repository, call)

  /** GitHub adds the annotations of each request to those it has. */
  async function addAnnotations(
    repository: ForgeRepository,
    id: string,
    check: ShownCheck,
    annotations: readonly CheckAnnotation[],
  ): Promise<void> {
    for (let from = 0; from < annotations.length; from += ANNOTATIONS_A_REQUEST) {
      const part = annotations.slice(from, from + ANNOTATIONS_A_REQUEST)
      await ask(repository, {
        operation: 'updateCheck',
        what: whatOf(repository, check),
        route: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
        parameters: {
          check_run_id: id,
          output: { ...outputFields(check), annotations: part.map(annotationFields) },
        },
      })
    }
  }

  return {
    async createCheck(repository, check) {
      const fields = checkFields(check)
      const { annotations } = check.output
      const { data } = await ask(repository, {
        operation: 'createCheck',
        what: whatOf(repository, check),
        route: 'POST /repos/{owner}/{repo}/check-runs',
        parameters: { ...fields, head_sha: check.sha, output: withAnnotations(check, annotations) },
        isUrgent: check.isUrgent ?? true,
      })
      const id = readAnswer(data, (answer) => String(answer.integer('id')))
      await addAnnotations(repository, id, check, annotations.slice(ANNOTATIONS_A_REQUEST))
      return id
    },

    async updateCheck(repository, id, check) {
      const { annotations } = check.output
      // a repeat must not show them twice
      const shown = annotations.length === 0 ? 0 : await countAnnotations(repositories, repository, id, check)
      const missing = annotations.slice(shown)
      await ask(repository, {
        operation: 'updateCheck',
        what: whatOf(repository, check),
        route: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
        parameters: { check_run_id: id, ...checkFields(check), output: withAnnotations(check, missing) },
        isUrgent: check.isUrgent ?? check.phase.status === 'completed',
      })
      await addAnnotations(repository, id, check, missing.slice(ANNOTATIONS_A_REQUEST))
    },

    async findCheck(repository, { name, sha, externalId }) {
      const ids: number[] = []
      const pages = repositories.pages(repository, {
        operation: 'findCheck',
        what: `the checks of ${sha} in ${nameOf(repository)}`,
        route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
        parameters: { ref: sha, check_name: name, filter: 'all', app_id: repositories.client.app.appId },
      })
      for await (const page of pages) {
        const runs = readAnswer(page, (fields) =>
          fields.objects('check_runs').map((run) => ({
            id: run.integer('id'),
            name: run.text('name'),
            externalId: run.optionalText('external_id'),
          })),
        )
        ids.push(...runs.filter((run) => run.name === name && run.externalId === externalId).map(({ id }) => id))
      }
      // the newest is the one that GitHub shows
      return ids.length === 0 ? undefined : String(Math.max(...ids))
    },

    async setStatus(repository, check) {
      await ask(repository, {
        operation: 'setStatus',
        what: `the status ${check.name} of ${check.sha} in ${nameOf(repository)}`,
        route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
        parameters: { sha: check.sha, ...statusFields(check) },
        isUrgent: check.isUrgent ?? check.phase.status === 'completed',
      })
    },
  }
}

function withAnnotations(check: ShownCheck, annotations: readonly CheckAnnotation[]) {
  const first = annotations.slice(0, ANNOTATIONS_A_REQUEST).map(annotationFields)
  return { ...outputFields(check), ...(first.length > 0 && { annotations: first }) }
}

async function countAnnotations(
  repositories: RepositoryClient,
  repository: ForgeRepository,
  id: string,
  check: ShownCheck,
): Promise<number> {
  const { data } = await repositories.ask(repository, {
    operation: 'updateCheck:annotations',
    what: whatOf(repository, check),
    route: 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
    parameters: { check_run_id: id },
  })
  return readAnswer(data, (fields) => fields.object('output').integer('annotations_count'))
}

function whatOf(repository: ForgeRepository, { name, sha }: ShownCheck): string {
  return `the check ${name} of ${sha} in ${nameOf(repository)}`
}
