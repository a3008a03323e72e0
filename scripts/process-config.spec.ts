import { describe, expect, it } from '@jest/globals'
import { opsUrlOf } from './process-config.js'

describe('the operations port of a node', () => {
  it('is at the host of its API, or at the one that its configuration has for it', () => {
    expect(opsUrlOf({ host: '127.0.0.1', opsPort: 4203 })).toBe('http://127.0.0.1:4203')
    expect(opsUrlOf({ host: '10.0.0.5', opsHost: '127.0.0.1', opsPort: 4203 })).toBe('http://127.0.0.1:4203')
  })
})
