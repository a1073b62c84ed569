import type { POINTERS } from './derive.ts'
import { stateSql } from './words.ts'

/** How one of our tables is filled. In its expressions `x` is the row of the source. */
export interface ImportedTable {
  table: string
  /** Tells two rows apart; `id` unless said otherwise. */
  key?: readonly [string, string]
  /** Our columns, each with the expression that fills it. */
  columns: Record<string, string>
  /** Where the rows come from, with `x`. */
  from: string
  /** Which of our rows (`t`) may still change in the source: what changed there is brought as long as this holds. */
  living?: string
  /** Columns that follow from other rows too, and are brought whenever they differ. */
  always?: readonly string[]
  /** Has something unique beside its id, which a row of ours may have already: then the row is left out and told. */
  mayConflict?: true
  /** Has the columns of `schema/scope.ts`, which may be known only later. */
  hasScope?: boolean
  /** Column with the key of a long text, and the one with its length: forgotten when the row changes, so that it is copied anew. */
  text?: { key: string; size?: string }
}

/** Our tables with an id count from there on; what the source has, lies below. */
export type ByBorder = (border: number) => ImportedTable[]

/** A time of the source: without zone, meant as UTC. */
export const time = (expression: string) => `(${expression}) at time zone 'UTC'`

/** The first of several times that is known; ours are never null. */
export const timeOf = (...expressions: string[]) => time(`coalesce(${expressions.join(', ')}, 'epoch'::timestamp)`)

/** JSON that our database can keep; null where there is none. */
export const json = (expression: string) => `pg_temp.packit_json(${expression})`

/** The columns of a scope, from `f`: the first pipeline that points at the job. */
export const SCOPE = {
  event_id: 'f.event_id',
  trigger_id: 'f.trigger_id',
  project_id: 'f.project_id',
  trigger_key: 'f.trigger_key',
  package: 'f.package',
}

/** Joins the first pipeline that points at an id (an expression). */
export function joinFirst(pointer: (typeof POINTERS)[number]['pointer'], id: string): string {
  return `left join d_of_${pointer} f on f.id = ${id}`
}

/** A row whose status says that it goes on. */
export const LIVING = `${stateSql('t.status')} in ('pending', 'running')`

/**
 * Made before all others: JSON text to jsonb, which can't hold everything that JSON can; whether it can; and of
 * `built_packages` the members that have all that ours have (the existing service keeps whatever Copr said).
 */
export const JSON_FUNCTIONS = [
  String.raw`
  create or replace function pg_temp.packit_json(value text) returns jsonb language plpgsql immutable as $$
  begin
    return nullif(value::jsonb, 'null');
  exception when others then
    begin
      return regexp_replace(value, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\ufffd', 'g')::jsonb;
    exception when others then
      return null;
    end;
  end $$`,
  `
  create or replace function pg_temp.packit_fits(value text) returns boolean language plpgsql immutable as $$
  begin
    return value::jsonb is not null;
  exception when others then
    return false;
  end $$`,
  `
  create or replace function pg_temp.packit_packages(value text) returns jsonb language plpgsql immutable as $$
  declare packages jsonb := pg_temp.packit_json(value);
  begin
    if packages is null or jsonb_typeof(packages) <> 'array' then return null; end if;
    return jsonb_path_query_array(packages, '$[*] ? (@.name.type() == "string" && @.version.type() == "string"
      && @.release.type() == "string" && @.arch.type() == "string" && @.epoch.type() == "number")');
  end $$`,
]
