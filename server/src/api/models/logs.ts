import Type from 'typebox'
import { whole } from './common.ts'

export const LogIndex = Type.Object(
  {
    size: whole('Bytes that were looked at; an open log may have grown since'),
    complete: Type.Boolean({ description: 'Nothing more will be written' }),
    block_bytes: whole('Bytes of a block'),
    first_lines: Type.Array(Type.Integer(), {
      description: 'For each block, the number of the first line, from 1, that begins in it or later',
    }),
  },
  {
    $id: 'LogIndex',
    description: 'Where the lines of a log begin.',
    examples: [{ size: 150000, complete: true, block_bytes: 65536, first_lines: [1, 812, 1640] }],
  },
)

export const logModels = [LogIndex]
