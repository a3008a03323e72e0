/** What is kept of a link by which somebody without an account may look at one consignment. The secret in it is not kept: only its hash. */
export interface NewLink {
  /** To name it by when it is listed and revoked; nothing can be read with it. */
  readonly linkId: string
  readonly subject: string
  /** SHA-256 of the secret, base64url. */
  readonly secretHash: string
  /** Who it was made for, in the words of who made it. */
  readonly label: string | null
  /** The person who made it, as statements name people. */
  readonly madeBy: string
  readonly madeAt: number
  readonly expiresAt: number
}

export interface KeptLink extends Omit<NewLink, 'secretHash'> {
  readonly revokedBy: string | null
  readonly revokedAt: number | null
  readonly uses: number
  readonly lastUsedAt: number | null
}

/** What a ledger does for links. They are the node's own: no log knows of them, and a rebuild leaves them. */
export interface LinkKeeping {
  keepLink(link: NewLink): Promise<void>
  /** Of one consignment, the newest first. */
  linksOf(subject: string): Promise<readonly KeptLink[]>
  /** From now on it opens nothing. False where the consignment has no such link; one that was revoked keeps by whom and when. */
  revokeLink(link: Pick<NewLink, 'subject' | 'linkId'>, revokedBy: string, now: number): Promise<boolean>
  /** The link with this secret, if it opens something now; the use is counted. */
  useLink(secretHash: string, now: number): Promise<KeptLink | undefined>
}
