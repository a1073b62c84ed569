/** What the keys of a log do; each part of the viewer puts in what it can. */
export interface LogControls {
  find?: (step: 1 | -1) => void
  follow?: () => void
  wrap?: () => void
}

/** Does what a key stands for; false when it stands for nothing. */
export function pressKey(controls: LogControls, key: string): boolean {
  if (key === 'n') controls.find?.(1)
  else if (key === 'N') controls.find?.(-1)
  else if (key === 'f') controls.follow?.()
  else if (key === 'w') controls.wrap?.()
  else return false
  return true
}
