import { describe, expect, it } from '@jest/globals'
import { memoryStore } from './memory-store.js'

describe('what the identity provider keeps in memory', () => {
  it('is gone when it has expired', async () => {
    let now = 0
    const sessions = memoryStore(() => now)('Session')
    await sessions.upsert('s1', { uid: 'u1' }, 60)
    now = 59_999
    expect([await sessions.find('s1'), await sessions.findByUid('u1')]).toEqual([{ uid: 'u1' }, { uid: 'u1' }])
    now = 60_000
    expect([await sessions.find('s1'), await sessions.findByUid('u1')]).toEqual([undefined, undefined])
  })

  it('stays, however much is written beside it', async () => {
    const open = memoryStore(() => 0)
    const [sessions, grants] = [open('Session'), open('Grant')]
    await sessions.upsert('s1', { uid: 'u1' }, 60)
    for (let count = 0; count < 2_000; count++) await grants.upsert(`g${count}`, {}, 60)
    expect(await sessions.find('s1')).toEqual({ uid: 'u1' })
  })

  it('keeps kinds apart and forgets what belongs to a revoked grant', async () => {
    const open = memoryStore(() => 0)
    const [codes, tokens] = [open('AuthorizationCode'), open('AccessToken')]
    await codes.upsert('x', { grantId: 'g1' }, 60)
    await tokens.upsert('x', { grantId: 'g1' }, 60)
    await codes.revokeByGrantId('g1')
    expect([await codes.find('x'), await tokens.find('x')]).toEqual([undefined, { grantId: 'g1' }])
  })

  it('notes when a code was used', async () => {
    const codes = memoryStore(() => 5_000)('AuthorizationCode')
    await codes.upsert('x', {}, 60)
    await codes.consume('x')
    expect(await codes.find('x')).toEqual({ consumed: 5 })
  })
})
