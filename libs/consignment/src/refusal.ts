/** The judging order: the first check that fails names the verdict, so that codes agree at every node. */
export const judgingOrder = [
  'SIZE', 'FORM', 'HEADER', 'KEY', 'SIGNATURE', 'UTF8', 'DEPTH', 'CANONICAL', 'ENVELOPE', 'BINDING', 'SUBJECT', 'CHAIN', 'PARTY', 'TYPE', 'SCHEMA', 'RULE',
] as const

/**
 * Every rule: its code, the sentence a person reads, and where it comes from. `events` is the project's own definition of the statements;
 * SMGS, MIXED and SOLAS name the instrument whose practice the rule follows.
 */
export const rules = {
  ROLE: { says: 'this participant may not make this statement', source: 'events: role table' },
  UNKNOWN_REFERENCE: { says: 'an item, place, participant, contract, leg or statement named here is not known', source: 'events: acts and facts' },
  CONSIGNMENT_CLOSED: { says: 'the consignment has been cancelled', source: 'events: ConsignmentCancelled' },
  EPOCH_CLOSED: { says: 'the epoch has been closed; statements go to the next one', source: 'architecture 9' },

  ALREADY_OPEN: { says: 'this consignment has already been opened', source: 'events: NoteIssued' },
  NOTE_VERSION: { says: 'the note does not follow the current version (number and hash of the old)', source: 'events: NoteAmended; SMGS corrections keep the old text readable' },
  NOT_ISSUER: { says: 'only the issuer of the note may do this', source: 'events: NoteAmended, ConsignmentCancelled' },
  LEGS_DO_NOT_JOIN: { says: 'legs must be numbered 1…n and each must start where the one before ends', source: 'events: route' },
  CONTRACTS_DO_NOT_JOIN: { says: 'each leg belongs to exactly one contract, whose legs follow each other and whose ends are its places', source: 'events: route' },
  CHECK_DIGIT: { says: 'the check digit of an equipment number is wrong', source: 'ISO 6346; numbering of wagons 1520 and UIC' },
  ITEM_TWICE: { says: 'an item is named twice', source: 'events: NoteIssued' },
  NO_ITEMS: { says: 'a note needs equipment or goods items', source: 'events: item' },
  SUMS_CONTRADICT: { says: 'totals, equipment and allocations contradict each other', source: 'events: NoteIssued; SMGS boxes 17, 18' },
  COUNTRIES_CONTRADICT: { says: 'countries on the route are not those of its places', source: 'events: countriesOnRoute is derived, but signed' },
  CONTRACT_ACCEPTED: { says: 'a contract of carriage is accepted; from here on changes are proposed and answered', source: 'events: NoteAmended; SMGS contract moment' },
  ITEM_IN_OTHER_HANDS: { says: 'an item or the route it is on can no longer be changed by the issuer alone', source: 'events: NoteAmended, custody' },

  NOT_HOLDER: { says: 'an item named is not in the hands of this participant', source: 'events: HandoffOffered' },
  ITEM_ALREADY_OFFERED: { says: 'an item named is in an open offer', source: 'events: HandoffOffered' },
  NOT_NEXT: { says: 'the route does not lead there next, and no reason for deviating is given', source: 'events: next' },
  HELD_BY_CUSTOMS: { says: 'customs hold an item named: it may not go there', source: 'events: blocked' },
  NOT_LAST_CARRIER: { says: 'only the carrier of the last leg states that a contract is delivered', source: 'events: delivers' },
  OUTSIDE_PARTY_CANNOT_ANSWER: { says: 'a party without a node cannot answer; vouch for the handoff with its paper', source: 'events: HandoffVouched' },
  OFFER_CLOSED: { says: 'there is no such open offer: it was answered, withdrawn or never made', source: 'events: HandoffAnswered' },
  NOT_RECEIVER: { says: 'only the participant the offer was made to answers it', source: 'MIXED rules: custody passes at the signature of the one who takes over' },
  NOT_OWN: { says: 'the statement named is not this participant\'s own', source: 'events' },
  DEPARTED: { says: 'the receiver has reported these items departed on its means', source: 'events: HandoffWithdrawn' },
  VOUCHING_NEEDS_OUTSIDE_PARTY: { says: 'one side of a vouched handoff is the participant vouching, the other a party without a node', source: 'events: HandoffVouched' },

  NOT_CONTRACTUAL_CARRIER: { says: 'only the contractual carrier accepts and numbers a contract', source: 'SMGS box 29; events: CarriageAccepted' },
  NOT_CARRIER_OF_LEG: { says: 'the leg is not this carrier\'s', source: 'events: CarriageAgreed, MeansNominated' },
  CARRIAGE_ALREADY_ACCEPTED: { says: 'an item is already accepted under this contract', source: 'events: CarriageAccepted' },
  NOT_IN_CARRIERS_HANDS: { says: 'an item is neither with a carrier of this contract nor was it taken over for one', source: 'events: CarriageAccepted' },
  CARRIAGE_DATA_MISSING: { says: 'size/type, packages or mass of an item are still missing', source: 'tables 3.2: required before carriage is accepted' },

  TERRITORY_NOT_ON_ROUTE: { says: 'no place of the route lies in this authority\'s territory', source: 'events: CustomsDecisionIssued' },
  DECISION_NOT_OWN: { says: 'a decision named is another authority\'s', source: 'events: CustomsDecisionIssued' },
  DECISION_CLOSED: { says: 'there is no such open decision: it was lifted, withdrawn or never made', source: 'events: CustomsDecisionIssued' },
  OFFICE_NOT_OWN: { says: 'the customs office named is not in this authority\'s territory', source: 'events: CustomsDecisionIssued, territorial' },
  NOT_AUTHORITY: { says: 'reason and risk are for authorities only', source: 'events: CustomsDecisionIssued' },
  LIFTS_NOTHING: { says: 'the hold named has none of these items', source: 'events: CustomsDecisionIssued' },
  NOT_OTHER_SIDE: { says: 'an act is answered by the other side: who gave or has the items in it', source: 'events: ActAnswered; SMGS commercial act' },
  ACT_CLOSED: { says: 'there is no such open act: it was answered or never drawn', source: 'events: ActAnswered' },
  CORRECTION_INVALID: { says: 'the right data do not have the shape of the statement they correct', source: 'events: CorrectionFiled' },
  NOT_READER: { says: 'only a holder of the block grants it', source: 'events: ParticularsGranted' },

  ALREADY_FOUNDED: { says: 'the corridor has been founded', source: 'architecture 5' },
  KEY_KNOWN: { says: 'the key is already in the register', source: 'architecture 5' },
  KEY_INVALID: { says: 'the key is not a point on its curve', source: 'RFC 7518 6.2; architecture 5' },
  PROOF: { says: 'the proof that the new key\'s owner has it does not hold', source: 'architecture 5' },
  FIRST_KEY_ONLY: { says: 'the authority adds only a participant\'s first signature key; recovery needs two authority keys', source: 'architecture 5' },
  OWN_KEYS_ONLY: { says: 'a participant adds, retires or reports only its own keys', source: 'architecture 5' },
  LAST_AUTHORITY_KEY: { says: 'the last key of the authority cannot be retired', source: 'architecture 5' },
  RULES_NOT_NEWER: { says: 'activated rules must be newer than the active ones', source: 'architecture 5' },
  EPOCH_MISMATCH: { says: 'the epoch named is not the open one, or its size lies ahead', source: 'architecture 9' },
} as const satisfies Record<string, { readonly says: string; readonly source: string }>

export type RuleCode = keyof typeof rules

/** Why a statement may not happen: its rule, and the facts a person needs to see why. The facts are for the door, never part of a verdict. */
export interface Refusal {
  readonly code: RuleCode
  readonly pointer: string
  readonly facts: Readonly<Record<string, string>>
}

export function refuse(code: RuleCode, pointer: string, facts: Readonly<Record<string, string>> = {}): Refusal {
  return { code, pointer, facts }
}

/** Makes the compiler demand a case for each new member of a union. */
export function unreachable(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`)
}
