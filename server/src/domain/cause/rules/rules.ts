import { COMPILER_RULES } from './compilers.ts'
import { PACKAGING_RULES } from './packaging.ts'
import type { Rule } from './rule.ts'
import { SYSTEM_RULES } from './system.ts'
import { TEST_RULES } from './tests.ts'

/** All rules; of those that fit a line the one with the greatest weight counts. */
export const RULES: readonly Rule[] = [...PACKAGING_RULES, ...COMPILER_RULES, ...SYSTEM_RULES, ...TEST_RULES]

/** Only lines that hold one of these can fit a rule: a quick look that spares most lines the long one. */
export const HINT =
  /rror|ERROR|[Ff]ail|FAIL|[Ff]atal|[Cc]annot|can't|Can't|[Cc]ould |[Nn]ot |NOT |No |undefined|Unknown|panic|Killed|SIGKILL|Abort|abort|Segm|needed|provides|conflicts|xception|[Ff]ound|unk|atch|Architecture|OS is|ERR!|bad_alloc|[Mm]emory|MEMORY|No space|quota|resolve|lookup|EAI_AGAIN|ENOTFOUND|UnknownHost|no job|not ok|✖|×|●|TIMEOUT|Timeout|imeout|SIGABRT|XPASS|\.go:\d|\.t +\(|rspec|Interrupt|Unexpected|UNEXPECTED|denied|permitted|refused|exhausted|Exit|ssert|definition of|ld: |\.spec|%changelog|: E: |specfiles? checked|Wstat|Bus |Illegal|# fail|ℹ fail|Totals|e: file|:[FE]:|Missing|filtered out|StopIteration|Is a directory|oom-kill|Reversed|download of|contains|unable|relocation|syntax|CONFLICT/
