import { type SQL, sql } from 'drizzle-orm'
import { jsonRow } from './read.ts'

/** An event with its trigger and project; what an import has lost is null. */
export interface EventRow {
  id: number
  commit: string | null
  commitTitle: string | null
  kind: string | null
  number: number | null
  name: string | null
  versions: string[] | null
  target: string | null
  title: string | null
  author: string | null
  url: string | null
  forge: string | null
  namespace: string | null
  repo: string | null
  projectUrl: string | null
  anityaId: number | null
  anityaName: string | null
  anityaPackage: string | null
}

/** The event with an id (an SQL expression), as one JSON object; null when there is none. */
export function eventJson(eventId: SQL): SQL {
  return jsonRow(sql`
    select e.id, e.commit_sha as "commit", e.commit_title as "commitTitle", t.kind, t.number, t.name, t.versions, t.target,
      t.title, t.author, t.url, p.forge, p.namespace, p.name as repo, p.url as "projectUrl",
      a.anitya_id as "anityaId", a.name as "anityaName", a.package as "anityaPackage"
    from project_events e
    left join triggers t on t.id = e.trigger_id
    left join projects p on p.id = t.project_id
    left join anitya_projects a on a.id = t.anitya_project_id
    where e.id = ${eventId}`)
}
