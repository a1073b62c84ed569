import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { makeStep, NOW } from '../../test/fixtures.ts'
import { rowsOf, Timeline } from './Timeline.tsx'

afterEach(cleanup)

const steps = [
  makeStep('srpm', 7, 'success', { queued_at: NOW, started_at: NOW + 1, ended_at: NOW + 10 }),
  makeStep('build', 9, 'failure', {
    target: 'fedora-43-x86_64',
    queued_at: NOW + 10,
    started_at: NOW + 15,
    ended_at: NOW + 20,
  }),
  makeStep('repository', null, 'skipped', {
    queued_at: null,
    started_at: null,
    ended_at: null,
    reason: 'Nothing was built',
  }),
]

test('each step is a row with its state, its duration and why', () => {
  render(<Timeline steps={steps} open={null} onOpen={() => undefined} />)
  const rows = screen.getAllByRole('listitem').map((row) => row.textContent)
  expect(rows[0]).toContain('SRPM')
  expect(rows[0]).toContain('9.0 s')
  expect(rows[1]).toContain('Failed')
  expect(rows[2]).toContain('Nothing was built')
})

test('a row with a log is a button that opens it; one without is none', () => {
  const onOpen = vi.fn()
  render(<Timeline steps={steps} open="srpm-7" onOpen={onOpen} />)
  expect(screen.getByRole('button', { name: 'Log of SRPM' }).getAttribute('aria-expanded')).toBe('true')
  fireEvent.click(screen.getByRole('button', { name: 'Log of fedora-43-x86_64' }))
  expect(onOpen).toHaveBeenCalledWith('build-9')
  expect(screen.queryByRole('button', { name: 'Log of Repository' })).toBeNull()
})

test('what ended has its colour, and waiting is a bar of its own', () => {
  const { container } = render(<Timeline steps={steps} open={null} onOpen={() => undefined} />)
  expect(container.querySelectorAll('.bar-queued').length).toBe(2)
  expect(container.querySelectorAll('.bar-green, .bar-red').length).toBe(2)
})

test('many targets that were skipped for one reason share a row; a few stand for themselves', () => {
  const skipped = (target: string, reason: string) => makeStep('build', null, 'skipped', { target, reason })
  const alike = ['a', 'b', 'c', 'd'].map((target) => skipped(target, 'not built here'))
  const rows = rowsOf([...steps.slice(0, 1), ...alike, skipped('e', 'excluded'), ...steps.slice(2)])
  expect(rows.map((row) => (Array.isArray(row) ? row.length : row.name))).toEqual(['SRPM', 4, 'e', 'Repository'])
  expect(rowsOf(alike.slice(0, 3)).length).toBe(3)
})
