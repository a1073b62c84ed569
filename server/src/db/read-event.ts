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
  // names of its own, so that none hides what `eventId` is read from
  return jsonRow(sql`
    select event.id, event.commit_sha as "commit", event.commit_title as "commitTitle", source.kind, source.number,
      source.name, source.versions, source.target, source.title, source.author, source.url,
      home.forge, home.namespace, home.name as repo, home.url as "projectUrl",
      anitya.anitya_id as "anityaId", anitya.name as "anityaName", anitya.package as "anityaPackage"
    from project_events event
    left join triggers source on source.id = event.trigger_id
    left join projects home on home.id = source.project_id
    left join anitya_projects anitya on anitya.id = source.anitya_project_id
    where event.id = ${eventId}`)
}
