import { Column, Entity, PrimaryColumn } from 'typeorm'

/** An outbox row as its submitter asks for it: without the signed text. */
@Entity('outbox')
export class SubmissionRow {
  @PrimaryColumn('text', { name: 'event_id' })
  readonly eventId!: string

  @Column('text')
  readonly subject!: string

  @Column('text')
  readonly type!: string

  @Column('text')
  readonly state!: 'new' | 'sent' | 'decided'

  @Column('text', { nullable: true })
  readonly verdict!: 'accepted' | 'refused' | 'duplicate' | null

  @Column('text', { nullable: true })
  readonly code!: string | null

  @Column('bigint', { name: 'decided_offset', nullable: true })
  readonly offset!: number | null
}
