import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setClockOffset } from '../lib/clock.ts'
import { Duration, Time } from './Time.tsx'

const START = 1_795_480_000
beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime(START * 1000)
})
afterEach(() => {
  cleanup()
  setClockOffset(0)
  vi.useRealTimers()
})

test('a time goes on by itself and is exact for machines and on hover', () => {
  const { container } = render(<Time at={START - 10} />)
  const time = container.querySelector('time')
  expect(time?.textContent).toBe('10 seconds ago')
  act(() => vi.advanceTimersByTime(5_000))
  expect(time?.textContent).toBe('15 seconds ago')
  expect(time?.dateTime).toBe(new Date((START - 10) * 1000).toISOString())
  expect(time?.title).toContain('2026')
})

test('a duration grows until it has an end', () => {
  const { container, rerender } = render(<Duration from={START - 5} to={null} state="running" />)
  act(() => vi.advanceTimersByTime(2_000))
  expect(container.textContent).toBe('7 s')
  rerender(<Duration from={START - 5} to={START + 1.4} state="success" />)
  expect(container.textContent).toBe('6.4 s')
})

test('what ended at an unknown time does not go on for ever', () => {
  const { container } = render(<Duration from={START - 5} to={null} state="success" />)
  expect(container.textContent).toBe('')
})

test('a reader whose clock is an hour behind sees the server’s time', () => {
  setClockOffset(3_600_000)
  const { container } = render(<Time at={START + 3_590} />)
  expect(container.textContent).toBe('10 seconds ago')
})

test('a time that isn’t known is not made up', () => {
  const { container } = render(<Time at={null} />)
  expect(container.textContent).toBe('')
})
