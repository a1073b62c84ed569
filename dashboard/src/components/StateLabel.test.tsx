import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { LOOKS, STATES } from '../lib/state.ts'
import { StateLabel } from './StateLabel.tsx'

afterEach(cleanup)

test.each(STATES)('the state %s is an icon and a word, not a colour alone', (state) => {
  const { container } = render(<StateLabel state={state} />)
  expect(screen.getByText(LOOKS[state].word)).toBeTruthy()
  expect(container.querySelector('svg[aria-hidden="true"] path')?.getAttribute('d')).toBeTruthy()
})

test('what goes on though its end was asked for says so, and what has ended does not', () => {
  render(<StateLabel state="running" isCancelling />)
  expect(screen.getByText('Cancelling')).toBeTruthy()
  cleanup()
  render(<StateLabel state="success" isCancelling />)
  expect(screen.queryByText('Cancelling')).toBeNull()
})

test('no two states look the same', () => {
  const looks = STATES.map((state) => LOOKS[state])
  expect(new Set(looks.map((look) => look.word)).size).toBe(STATES.length)
  expect(new Set(looks.map((look) => look.icon)).size).toBe(STATES.length)
  expect(new Set(looks.map((look) => look.mark)).size).toBe(STATES.length)
})
