/** Whether `text` is a whole commit id (SHA-1 or SHA-256), in lower case. */
export function isSha(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/**
 * Whether `text` may be given to git as the name of a branch, tag or other ref: what `git check-ref-format` accepts, and
 * no `-` at the beginning, which would be an option.
 */
export function isSafeRef(text: string): boolean {
  if (text === '' || text.length > 250 || text === '@' || text.startsWith('-')) return false
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/.test(text) || text.endsWith('.')) return false
  return text.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}
