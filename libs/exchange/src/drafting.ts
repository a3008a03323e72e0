import { canonicalJson, type BlockReference, type Envelope, type PlainBlock, type StatementBody, type StatementType } from '#libs/documents'
import type { Register } from '#libs/consignment'
import { digestOfBlock, encryptBlock, newSalt } from '#libs/signature'

/** A block in plaintext with its salt, the reference a statement carries for it, and its encryption for its readers. */
export interface DraftedBlock {
  readonly reference: BlockReference
  readonly plaintext: string
  /** Null where nobody who may read it has an encryption key yet. */
  readonly jwe: string | null
}

/** Salts the blocks of a body, binds them to their consignment and encrypts them. Particulars never enter the log: the statement carries digests (architecture 9). */
export async function draftBlocks(blocks: readonly PlainBlock[], subject: string, register: Register, own: string, random: (bytes: number) => Uint8Array): Promise<readonly DraftedBlock[]> {
  return Promise.all(blocks.map(async ({ name, for: carrier, readers, content }) => {
    const plaintext = canonicalJson({ ...content, consignmentId: subject, salt: newSalt(random) })
    const reference = { name, ...(carrier !== undefined && { for: carrier }), digest: digestOfBlock(plaintext), readers }
    return { reference, plaintext, jwe: await encryptFor(plaintext, register, [own, ...readers]) }
  }))
}

/** Encrypts for every valid encryption key of each reader; who has none yet asks for the block later, and null where none has. */
export async function encryptFor(plaintext: string, register: Register, readers: readonly string[]): Promise<string | null> {
  const recipients = recipientsAmong(register, readers)
  return recipients.length > 0 ? encryptBlock(plaintext, recipients) : null
}

function recipientsAmong(register: Register, readers: readonly string[]) {
  return Object.entries(register.keys)
    .filter(([, key]) => key.use === 'encryption' && key.retired === undefined && readers.includes(key.participant))
    .map(([kid, { jwk }]) => ({ kid, jwk }))
}

/** A statement's `data`: the body without what the node adds beside it, with digests in place of the plaintext blocks. */
export function draftData<T extends StatementType>(body: StatementBody<T>, blocks: readonly DraftedBlock[]): Envelope['data'] {
  const { occurredAt: _occurredAt, particulars, ...data } = body as Record<string, unknown> & { particulars?: unknown }
  const references = { blocks: blocks.map(({ reference }) => reference) }
  if ('note' in data) return { ...data, note: { ...(data['note'] as object), particulars: references } }
  return particulars === undefined ? data : { ...data, particulars: references }
}
