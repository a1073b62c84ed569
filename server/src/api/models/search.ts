import Type, { type Static } from 'typebox'
import { instantOrNull, nullable, ref, State, text, textOrNull, wholeOrNull, words } from './common.ts'

export const SearchHit = Type.Object(
  {
    label: text('e.g. acme/hello#41, a hash, a package'),
    detail: textOrNull('What tells it from others of that name'),
    page: text('Path of its page'),
    match: words(['exact', 'prefix', 'part'], { description: 'How well it matches' }),
    project: text('forge/namespace/repo'),
    pr_id: wholeOrNull('Number of the pull request'),
    commit: textOrNull('SHA'),
    package: textOrNull(),
    srpm_build_id: wholeOrNull(),
    run_id: wholeOrNull('Id of its newest run (merged_run_id)'),
    state: nullable(ref(State)),
    active_at: instantOrNull('When something was last done for it: seconds since 1970 (UTC), with fraction'),
  },
  {
    $id: 'SearchHit',
    examples: [
      {
        label: 'acme/hello#41',
        detail: 'Say hello louder (jdoe)',
        page: '/pipeline/1',
        match: 'exact',
        project: 'github.com/acme/hello',
        pr_id: 41,
        commit: null,
        package: null,
        srpm_build_id: null,
        run_id: 1,
        state: 'running',
        active_at: 1780000101,
      },
    ],
  },
)
export type SearchHit = Static<typeof SearchHit>

const hits = (description: string) => Type.Array(ref(SearchHit), { description })

export const SearchResult = Type.Object(
  {
    projects: hits('Projects by namespace/repo'),
    pull_requests: hits('Pull requests by title, author or number'),
    commits: hits('Commits by the beginning of their hash, each for what it belongs to'),
    packages: hits('Packages by their name or NVR, each once for a project, with its newest SRPM'),
  },
  { $id: 'SearchResult', description: 'What was found, by kind; in each the best first.' },
)
export type SearchResult = Static<typeof SearchResult>

export const searchModels = [SearchHit, SearchResult]
