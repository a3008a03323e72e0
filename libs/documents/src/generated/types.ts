/* generated from schemas/ by `npm run generate`: do not edit */

/**
 * base64url(SHA-256(protected "." payload)) of a statement.
 */
export type EventId = string
export type LongText = string
/**
 * The same words in one to four languages.
 */
export type Text = LocalText[]
/**
 * Number of a document or reference: printable ASCII.
 */
export type Ident = string
export type PlaceId = string
/**
 * A piece of equipment or, without equipment, a goods item.
 */
export type ItemId = string
/**
 * Packages or pieces; bounded so that sums stay exact.
 */
export type Quantity = number
/**
 * Whole kilograms.
 */
export type MassKg = number
/**
 * Sealing party: UNTDID 9303, the codes used on the corridor.
 */
export type Code9303 = 'SH' | 'CA' | 'TO' | 'CU' | 'AC' | 'AA' | 'AB'
/**
 * Seal condition: UNTDID 4517, the codes used on the corridor.
 */
export type Code4517 = '1' | '2' | '3' | '4' | '5'
/**
 * Why goods are taken over only with a remark. No UN/CEFACT list serves this; each code is mapped to 9013 and 4451.
 */
export type ReservationCode =
  'R01' | 'R02' | 'R03' | 'R04' | 'R05' | 'R06' | 'R07' | 'R08' | 'R09' | 'R10' | 'R11' | 'R12' | 'R13' | 'R14' | 'R15' | 'R16' | 'R17'
/**
 * base64url(SHA-256).
 */
export type Digest = string
/**
 * Response type: UNTDID 4343, the codes used on the corridor.
 */
export type Code4343 = 'AP' | 'CA' | 'RE' | 'AJ' | 'AQ' | 'AB'
/**
 * Message function: UNTDID 1225, the codes used on the corridor.
 */
export type Code1225 = '1' | '5' | '9'
export type ContractId = string
/**
 * RFC 3339 in UTC, a day that exists, no leap second.
 */
export type DateTime = string
/**
 * All items of the current version at this record, or those named.
 */
export type Items = 'all' | ItemId[]
export type LegId = string
/**
 * Document name: UNTDID 1001, the codes used on the corridor.
 */
export type Code1001 =
  | '720'
  | '722'
  | '730'
  | '710'
  | '705'
  | '706'
  | '707'
  | '713'
  | '235'
  | '970'
  | '976'
  | '785'
  | '788'
  | '25'
  | '122'
  | '119'
  | '77'
  | '96'
  | '98'
  | '770'
  | '781'
  | '746'
  | '782'
  | '783'
  | '950'
  | '821'
  | '578'
  | '975'
  | '833'
  | '933'
  | '106'
  | '49'
  | '53'
  | '380'
  | '271'
  | '861'
  | '856'
  | '14'
export type Positive = number
/**
 * What customs decide. `inspectionOrdered` and `refused` block goods like `held`; no release lifts a hold, only `holdLifted` does.
 */
export type DecisionKind =
  | 'registered'
  | 'documentsWanted'
  | 'inspectionOrdered'
  | 'controlResult'
  | 'held'
  | 'holdLifted'
  | 'releasedForTransit'
  | 'releasedForExport'
  | 'releasedForImport'
  | 'arrivalRecorded'
  | 'exitConfirmed'
  | 'discharged'
  | 'refused'
  | 'withdrawn'
/**
 * Transport movement type: UNTDID 8323, the codes used on the corridor.
 */
export type Code8323 = '1' | '2' | '3' | '5'
/**
 * A participant or an outside party.
 */
export type PartyId = string
/**
 * Where a handoff leads: on a leg, to a stop (0 = the start, i follows leg i), or into delivery.
 */
export type Into =
  | {
      kind: 'leg'
      legId: LegId
    }
  | {
      kind: 'stop'
      stop: number
    }
  | {
      kind: 'delivery'
    }
/**
 * `authority` (reason and risk of a customs decision) occurs on decisions only, the other five on notes.
 */
export type BlockName = 'parties' | 'goods' | 'dangerousGoods' | 'commercial' | 'documentsAndInstructions' | 'authority'
/**
 * A legal person of the register.
 */
export type ParticipantId = string
/**
 * ISO 3166-1 alpha-2; also a customs territory.
 */
export type Country = string
/**
 * Party function: UNTDID 3035, the codes used on the corridor.
 */
export type Code3035 =
  | 'CZ'
  | 'CN'
  | 'GS'
  | 'FW'
  | 'DDR'
  | 'DDS'
  | 'HC'
  | 'CA'
  | 'GT'
  | 'CG'
  | 'CPE'
  | 'TR'
  | 'CM'
  | 'CB'
  | 'DT'
  | 'AF'
  | 'AH'
  | 'NI'
  | 'COW'
  | 'COX'
  | 'TCP'
  | 'DCP'
  | 'SPC'
/**
 * Reference code qualifier: UNTDID 1153, the codes used on the corridor.
 */
export type Code1153 = 'FF' | 'CU' | 'UCN' | 'RCN' | 'BN' | 'BM' | 'AAS' | 'TF' | 'ACE' | 'ABE' | 'AVX' | 'ABL' | 'ABK' | 'ED' | 'ACR' | 'SN' | 'VON'
export type Count = number
/**
 * What became of one offered item. What was found but not offered is no outcome: it stands in `surplus`.
 */
export type Outcome = 'accepted' | 'acceptedWithReservation' | 'notTendered' | 'leftBehind' | 'refused' | 'missing'
/**
 * Transport status (Recommendation 24): UNTDID 9013, the codes used on the corridor.
 */
export type Code9013 =
  | '130'
  | '321'
  | '363'
  | '93'
  | '94'
  | '48'
  | '132'
  | '57'
  | '86'
  | '24'
  | '25'
  | '27'
  | '127'
  | '365'
  | '31'
  | '16'
  | '101'
  | '255'
  | '90'
  | '222'
  | '239'
  | '182'
  | '184'
  | '187'
  | '186'
  | '189'
  | '194'
  | '193'
  | '236'
  | '250'
  | '1'
  | '40'
  | '364'
  | '206'
  | '107'
  | '29'
  | '346'
  | '79'
  | '100'
  | '368'
  | '85'
  | '62'
  | '302'
  | '91'
  | '131'
  | '366'
  | '349'
  | '41'
  | '98'
  | '99'
  | '72'
  | '73'
  | '83'
  | '208'
  | '335'
  | '336'
  | '337'
  | '18'
  | '218'
  | '327'
  | '117'
  | '231'
  | '330'
  | '115'
  | '120'
  | '300'
  | '301'
  | '45'
  | '21'
  | '23'
  | '106'
  | '82'
  | '88'
  | '126'
  | '228'
  | '241'
  | '78'
  | '129'
  | '12'
  | '39'
  | '17'
  | '77'
  | '315'
  | '326'
/**
 * Container, wagon or trailer. The check digit is judged by its scheme, not here.
 */
export type EquipmentId = string
/**
 * Shipping marks as read, below 256 bytes.
 */
export type Marks = string
/**
 * All items with their last known seals and figures, or those named.
 */
export type TenderedItems = 'all' | TenderedItem[]
/**
 * UNTDID 1001 or, where that has no code, our own list.
 */
export type DocumentTypeCode = Code1001 | OwnDocumentCode
/**
 * Documents of the corridor for which UNTDID 1001 has no code.
 */
export type OwnDocumentCode = 'TRANSFER-LIST' | 'COMMERCIAL-ACT' | 'GENERAL-ACT' | 'OPENING-ACT' | 'MANDATE' | 'SUPPLEMENTARY-NOTE'
/**
 * JWS compact serialization, ES256.
 */
export type Jws = string
/**
 * RFC 7638 thumbprint of a key.
 */
export type Thumbprint = string
/**
 * Transport means type (Recommendation 28): UNTDID 8179, the codes used on the corridor.
 */
export type Code8179 = '1505' | '1511' | '1512' | '1519' | '1592' | '2301' | '2302' | '2305' | '31'
export type ShortIdent = string
/**
 * Basic plane only, so that it stays below 256 bytes in an index.
 */
export type ShortText = string
/**
 * The law a contract of carriage stands under: decides liability, time limits and who may instruct.
 */
export type Regime = 'SMGS' | 'CIM' | 'CIM-SMGS' | 'CMR' | 'SEA' | 'FERRY-RAIL' | 'NATIONAL'
/**
 * Transport stage: UNTDID 8051, the codes used on the corridor.
 */
export type Code8051 = '10' | '20' | '21' | '22' | '23' | '15' | '16' | '17' | '18' | '19' | '29' | '30' | '31' | '32' | '33'
/**
 * Transport mode (Recommendation 19): UNTDID 8067, the codes used on the corridor.
 */
export type Code8067 = '1' | '2' | '3' | '8'
/**
 * Equipment fullness: UNTDID 8169, the codes used on the corridor.
 */
export type Code8169 = '4' | '5' | '9'
/**
 * Equipment supplier: UNTDID 8077, the codes used on the corridor.
 */
export type Code8077 = '1' | '2' | '5' | '6' | '7'
/**
 * UUIDv7, lower case.
 */
export type ConsignmentId = string
export type GoodsItemId = string
export type Role = 'authority' | 'forwarder' | 'rail' | 'sea' | 'port' | 'customs'
export type Url = string
/**
 * What was done to a seal. A seal opened by customs is `removedByAuthority`, never broken.
 */
export type SealAct = 'affixed' | 'found' | 'removedByAuthority' | 'replaced' | 'addedOver'
/**
 * Event id of the founding statement; 43 times A inside that statement itself.
 */
export type CorridorId = string
/**
 * Location function: UNTDID 3227, the codes used on the corridor.
 */
export type Code3227 =
  '5' | '7' | '8' | '9' | '10' | '11' | '13' | '15' | '17' | '41' | '42' | '43' | '45' | '50' | '88' | '103' | '118' | '122' | '228' | '255'
/**
 * Trade terms: UNTDID 4053, the codes used on the corridor.
 */
export type Code4053 = 'EXW' | 'FCA' | 'CPT' | 'CIP' | 'DAP' | 'DPU' | 'DDP' | 'FOB' | 'CFR' | 'CIF'
/**
 * Text subject: UNTDID 4451, the codes used on the corridor.
 */
export type Code4451 = 'AEA' | 'DAR' | 'BAK' | 'ABO' | 'DOC' | 'HAN' | 'CLR' | 'BLR'
/**
 * Package type (Recommendation 21): UNTDID 7065, the codes used on the corridor.
 */
export type Code7065 = '43' | 'BG' | 'SA' | 'BX' | 'CT' | 'CS' | 'DR' | 'PX' | 'PK' | 'NE' | 'VR' | 'VY' | 'VL' | 'WA'
/**
 * Transport equipment category: UNTDID 8053, the codes used on the corridor.
 */
export type Code8053 = 'CN' | 'RR' | 'RF' | 'BX' | 'TE' | 'SM' | 'SW' | 'TN' | 'UL' | 'BB'
/**
 * Dangerous goods regulations: UNTDID 8273, the codes used on the corridor.
 */
export type Code8273 = 'ADR' | 'RID' | 'IMD'
/**
 * Packaging danger level: UNTDID 8339, the codes used on the corridor.
 */
export type Code8339 = '1' | '2' | '3' | '4'
/**
 * Government involvement: UNTDID 9411, the codes used on the corridor.
 */
export type Code9411 = '3' | '4' | '6'
/**
 * Government agency: UNTDID 9415, the codes used on the corridor.
 */
export type Code9415 = '5'
/**
 * Government action: UNTDID 9417, the codes used on the corridor.
 */
export type Code9417 = '1' | '2' | '3' | '4' | '7' | '8' | '9'
export type Effect =
  | VersionEffect
  | ClosedEffect
  | DrawnInEffect
  | CustodyEffect
  | LiabilityEffect
  | OfferEffect
  | OfferClosedEffect
  | DepartedEffect
  | OutcomeEffect
  | ReservationEffect
  | AgreedEffect
  | ContractEffect
  | ContractDeliveredEffect
  | MeansEffect
  | CarriedByEffect
  | FiguresEffect
  | SealsEffect
  | PositionEffect
  | BreachEffect
  | DeclarationEffect
  | DecisionEffect
  | DecisionClosedEffect
  | RemarkEffect
  | ActEffect
  | ActAnsweredEffect
  | CorrectionEffect
  | BlocksEffect
  | GrantEffect
  | FoundedEffect
  | ParticipantEffect
  | SuspendedEffect
  | PlaceEffect
  | KeyEffect
  | KeyRetiredEffect
  | KeyCompromisedEffect
  | RulesEffect
  | EpochClosedEffect
/**
 * In the order of the statement, for `all` in the order of the note; empty only once the consignment is closed.
 */
export type ItemList = ItemId[]
/**
 * 2i at stop i, 2i − 1 on leg i, 2n + 1 delivered.
 */
export type Stage = number
/**
 * One entry a finding, in its order.
 */
export type NamedItems = ItemId[]
/**
 * What one accepted statement changes, in order. Its canonical form is hashed into the leaf of the record; state, views and feeds are folds of these lists. Empty unless accepted.
 */
export type Effects = Effect[]
/**
 * A consignment, found goods, or the register.
 */
export type Subject = string
/**
 * A party without a node and a key; its acts are vouched by its counterpart.
 */
export type OutsideId = string

/**
 * What each type of statement carries as `data`.
 */
export interface StatementData {
  ActAnswered: ActAnswered
  ActDrawn: ActDrawn
  AmendmentAnswered: AmendmentAnswered
  AmendmentProposed: AmendmentProposed
  CarriageAccepted: CarriageAccepted
  CarriageAgreed: CarriageAgreed
  ConsignmentCancelled: ConsignmentCancelled
  CorrectionFiled: CorrectionFiled
  CorridorFounded: CorridorFounded
  CustomsDecisionIssued: CustomsDecisionIssued
  DeclarationLodged: DeclarationLodged
  EpochClosed: EpochClosed
  HandoffAnswered: HandoffAnswered
  HandoffOffered: HandoffOffered
  HandoffVouched: HandoffVouched
  HandoffWithdrawn: HandoffWithdrawn
  InstructionAnswered: InstructionAnswered
  InstructionGiven: InstructionGiven
  KeyAdded: KeyAdded
  KeyCompromised: KeyCompromised
  KeyRetired: KeyRetired
  LoadingReported: LoadingReported
  MeansNominated: MeansNominated
  MovementReported: MovementReported
  NoteAmended: NoteAmended
  NoteIssued: NoteIssued
  ParticipantAdmitted: ParticipantAdmitted
  ParticipantSuspended: ParticipantSuspended
  ParticularsGranted: ParticularsGranted
  PlaceRegistered: PlaceRegistered
  ProblemAnswered: ProblemAnswered
  ProblemRaised: ProblemRaised
  RemarkAdded: RemarkAdded
  RulesActivated: RulesActivated
  SealsChanged: SealsChanged
  SurplusLinked: SurplusLinked
  SurplusReported: SurplusReported
}
/**
 * Act of the other side.
 */
export interface ActAnswered {
  act: EventId
  answer: 'accepted' | 'disputed'
  text?: Text
}
export interface LocalText {
  languageId: string
  text: LongText
}
/**
 * Fact: a commercial, general or opening act: what was declared, what was found, the difference and its causes.
 */
export interface ActDrawn {
  actTypeCode: 'COMMERCIAL-ACT' | 'GENERAL-ACT' | 'OPENING-ACT'
  number: Ident
  placeId: PlaceId
  findings: Finding[]
  evidenceHashes?: Digest[]
}
export interface Finding {
  itemId: ItemId
  declared?: Figures
  found?: Figures
  difference?: Difference
  causes: Reservation[]
}
export interface Figures {
  packageQuantity?: Quantity
  grossMassKg?: MassKg
  affixedSeal?: Seal[]
}
/**
 * A physical seal (ISO 17712).
 */
export interface Seal {
  id: Ident
  sealingPartyRoleCode: Code9303
  conditionCode?: Code4517
}
/**
 * Found minus declared, so figures may be negative.
 */
export interface Difference {
  packageQuantity?: number
  grossMassKg?: number
  affixedSeal?: Seal[]
}
export interface Reservation {
  code: ReservationCode
  text?: Text
  evidenceHashes?: Digest[]
  actNumber?: Ident
}
/**
 * Act of the contractual carrier of the contract touched.
 */
export interface AmendmentAnswered {
  proposal: EventId
  answer: 'accepted' | 'rejected'
  responseCode?: Code4343
  reason?: Text
}
/**
 * Act: a JSON patch (RFC 6902, three operations) against a version named by its hash.
 */
export interface AmendmentProposed {
  versionHash: Digest
  patch: PatchOperation[]
  purposeCode: Code1225
  reason?: Text
}
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace'
  path: string
  value?: unknown
}
/**
 * Act of the contractual carrier: number (SMGS box 29), date and place (26). The contract runs for these items.
 */
export interface CarriageAccepted {
  contractId: ContractId
  carrierAssignedId: Ident
  carrierAcceptanceDateTime: DateTime
  carrierAcceptanceLocation: PlaceId
  items: Items
  documentHash?: Digest
}
/**
 * Act of a carrier: plan or booking confirmed for its legs. No contract, no custody.
 */
export interface CarriageAgreed {
  contractId: ContractId
  legIds: LegId[]
  documentTypeCode?: Code1001
  bookingReference?: Ident
  payerCodeKnown: boolean
}
/**
 * Act: the consignment is closed.
 */
export interface ConsignmentCancelled {
  reason: Text
}
/**
 * Act of the issuer of the wrong statement; both stay. `data` is judged by the corrected statement's own schema.
 */
export interface CorrectionFiled {
  corrects: EventId
  data: {
    [k: string]: unknown
  }
  reason: Text
}
/**
 * Founding statement: pins the authority's keys and the first rules. Its event id is the corridor's id.
 */
export interface CorridorFounded {
  name: string
  epoch: Positive
  topic: string
  authorityKeys: PublicJwk[]
  rulesVersion: Positive
  rulesDigest: Digest
  previousEpochRoot?: Digest
}
/**
 * Closed, so that a private member cannot slip in.
 */
export interface PublicJwk {
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
}
/**
 * Act of customs. Reason and risk only in particulars for authorities.
 */
export interface CustomsDecisionIssued {
  kind: DecisionKind
  items: Items
  customsOfficePlaceId: PlaceId
  procedureTypeCode?: Code8323
  mrn?: Ident
  timeLimit?: DateTime
  destinationOfficePlaceId?: PlaceId
  requiredSeals?: Seal[]
  permittedMoves?: PermittedMove[]
  doNotLoad?: boolean
  lifts?: EventId[]
  withdraws?: EventId
  addressee?: PartyId
  respondBy?: DateTime
  result?: 'conforms' | 'differs' | 'sampleTaken'
  particulars?: Particulars
}
export interface PermittedMove {
  to: PartyId
  into: Into
}
export interface Particulars {
  blocks: BlockReference[]
}
/**
 * The digest commits to the salted plaintext in canonical form; the encrypted block travels beside the log.
 */
export interface BlockReference {
  name: BlockName
  for?: PartyId
  digest: Digest
  readers: ParticipantId[]
}
/**
 * Fact: a declarant lodged a declaration with customs.
 */
export interface DeclarationLodged {
  country: Country
  customsOfficePlaceId: PlaceId
  procedureTypeCode: Code8323
  declarantRoleCode: Code3035
  documentTypeCode?: Code1001
  references: Reference[]
  guarantee?: Reference
  items: Items
}
export interface Reference {
  code: Code1153
  id: Ident
}
/**
 * The last record of an epoch, with the countersigned state.
 */
export interface EpochClosed {
  epoch: Positive
  size: Count
  root: Digest
  stateHash: Digest
  nextTopic?: string
}
/**
 * Act of the receiver: every item of the offer gets exactly one outcome, `otherwise` or its exception. Custody of accepted items passes at this signature.
 */
export interface HandoffAnswered {
  offer: EventId
  transferredAt: DateTime
  otherwise: 'accepted' | 'notTendered' | 'leftBehind' | 'refused' | 'missing'
  exceptions?: HandoffException[]
  counted?: boolean
  weighed?: boolean
  surplus?: Surplus[]
  reasonCode?: Code9013
}
export interface HandoffException {
  itemId: ItemId
  outcome: Outcome
  affixedSeal?: Seal[]
  reservations?: Reservation[]
  reasonCode?: Code9013
  packageQuantity?: Quantity
  grossMassKg?: MassKg
}
export interface Surplus {
  equipmentId?: EquipmentId
  marks?: Marks
}
/**
 * Act of the holder: these items to you. `delivers` names the contracts that end here.
 */
export interface HandoffOffered {
  to: PartyId
  into: Into
  items: TenderedItems
  placeId: PlaceId
  transferList?: TransferList
  presentedAt: DateTime
  liabilityPasses: boolean
  takesOverFor?: PartyId
  delivers?: ContractId[]
  deviationReason?: Text
}
export interface TenderedItem {
  id: ItemId
  affixedSeal?: Seal[]
  packageQuantity?: Quantity
  grossMassKg?: MassKg
}
/**
 * One list has rows of many notes: part i of n.
 */
export interface TransferList {
  number: Ident
  part: number
  parts: number
}
/**
 * Act of the side that has a node: both sides' data and the hash of the other's paper.
 */
export interface HandoffVouched {
  from: PartyId
  to: PartyId
  into: Into
  items: TenderedItems
  placeId: PlaceId
  transferredAt: DateTime
  transferList?: TransferList
  liabilityPasses: boolean
  takesOverFor?: PartyId
  delivers?: ContractId[]
  deviationReason?: Text
  evidence: PaperEvidence
  reservations?: ItemReservation[]
}
export interface PaperEvidence {
  sha256: Digest
  documentTypeCode?: DocumentTypeCode
  id?: Ident
}
export interface ItemReservation {
  itemId?: ItemId
  code: ReservationCode
  text?: Text
  evidenceHashes?: Digest[]
  actNumber?: Ident
}
/**
 * Act of the offerer; a stated time limit that ran out ends an offer only through this.
 */
export interface HandoffWithdrawn {
  offer: EventId
  reason: 'timeLimit' | 'error' | 'superseded' | 'other'
  text?: Text
}
/**
 * Act of the contract's carrier.
 */
export interface InstructionAnswered {
  instruction: EventId
  answer: 'accepted' | 'rejected'
  reason?: Text
}
/**
 * Act of who has the right of disposal under the contract's regime.
 */
export interface InstructionGiven {
  contractId: ContractId
  kind: 'newDestination' | 'holdBack' | 'return' | 'proceed'
  items: Items
  destinationPlaceId?: PlaceId
  newConsigneeSide?: PartyId
  text?: Text
}
/**
 * A first key by the authority, a further one by the participant's own valid key, each with the new key's proof; recovery by two authority keys.
 */
export interface KeyAdded {
  participant: ParticipantId
  use: 'signature' | 'encryption'
  jwk: PublicJwk
  proof?: Jws
  recovery?: KeyRecovery
}
export interface KeyRecovery {
  secondAuthoritySignature: Jws
}
/**
 * Statements from that offset on are doubtful, none is deleted; the key fails KEY from this record on.
 */
export interface KeyCompromised {
  participant: ParticipantId
  thumbprint: Thumbprint
  fromOffset: Count
  reason?: Text
}
/**
 * The key fails KEY from this record on.
 */
export interface KeyRetired {
  participant: ParticipantId
  thumbprint: Thumbprint
}
/**
 * Fact: what was loaded on or unloaded from what, with seals, masses and how they were found (SMGS boxes 18, 19, 21; SOLAS VGM).
 */
export interface LoadingReported {
  act: 'loaded' | 'unloaded'
  placeId: PlaceId
  loadings: Loading[]
  statusCodes?: Code9013[]
}
export interface Loading {
  equipmentId: ItemId
  carriedBy?: EquipmentId
  affixedSeal?: Seal[]
  packageQuantity?: Quantity
  grossMassKg?: MassKg
  massDetermination?: 'weighed' | 'calculated' | 'stated' | 'standard'
  verifiedGrossMassKg?: MassKg
}
/**
 * Act of the carrier of a leg: the ship or train, what it is to take and who stays behind.
 */
export interface MeansNominated {
  legId: LegId
  means: Means
  journeyId: Ident
  scheduledDeparture?: DateTime
  scheduledArrival?: DateTime
  items: Items
  notNominated?: NotNominated[]
}
/**
 * Ship, train or lorry.
 */
export interface Means {
  typeCode: Code8179
  id: ShortIdent
  name?: ShortText
  registrationCountry?: Country
}
export interface NotNominated {
  items: ItemId[]
  reason: 'deadweight' | 'space' | 'cutOffMissed' | 'documents' | 'customs' | 'technical' | 'other'
  text?: Text
}
/**
 * Fact: where goods or means are, by Recommendation 24.
 */
export interface MovementReported {
  statusCode: Code9013
  placeId: PlaceId
  time: MovementTime
  legId?: LegId
  means?: Means
  journeyId?: Ident
  items: Items
  reasonCode?: Code9013
  actionBy?: PartyId
  text?: Text
}
export interface MovementTime {
  kind: 'planned' | 'estimated' | 'actual'
  at: DateTime
}
/**
 * Act of the issuer while no contract is accepted: the whole new version.
 */
export interface NoteAmended {
  note: ConsignmentNote
}
/**
 * The clear part of a consignment note: what the consignor or forwarder states at issue. What carriers, ports and customs add are statements of their own.
 */
export interface ConsignmentNote {
  noteVersion: number
  previousNoteHash?: Digest
  purposeCode: Code1225
  legalForm: 'electronicOriginal' | 'dataBesidePaper'
  paperNumber?: Ident
  signatory: {
    roleCode: Code3035
    onBehalfOfRoleCode?: Code3035
    mandateHash?: Digest
  }
  issueDateTime: DateTime
  issuePlaceId: PlaceId
  transportContracts: TransportContract[]
  mainCarriageTransportMovement: TransportMovement[]
  utilizedTransportEquipment: TransportEquipment[]
  packageQuantity: Quantity
  grossMassKg: MassKg
  transportEquipmentQuantity: Quantity
  consigneeSide: PartyId
  countriesOnRoute: Country[]
  regulatoryProcedure?: RegulatoryProcedure[]
  references?: NoteReference[]
  includedReferencedConsignment?: ReferencedConsignment[]
  itemAllocations?: ItemAllocation[]
  particulars: Particulars
}
/**
 * A contract of carriage. Its number and acceptance come with CarriageAccepted.
 */
export interface TransportContract {
  contractId: ContractId
  regime: Regime
  documentTypeCode: '720' | '730' | '710'
  negotiable: false
  contractualCarrier: PartyId
  carrierAcceptanceLocation: PlaceId
  consigneeReceiptLocation: PlaceId
  legIds: LegId[]
  regimeChangePlaceId?: PlaceId
}
/**
 * A leg: one movement of one carrier.
 */
export interface TransportMovement {
  legId: LegId
  sequenceNumeric: number
  stageCode: Code8051
  modeCode: Code8067
  carrier: PartyId
  departureLocation: PlaceId
  arrivalLocation: PlaceId
  borderCrossing?: PlaceId[]
  handledBy?: Handler[]
  dangerousGoodsIndicator: boolean
  usedTransportMeans?: Means
  scheduledDeparture?: DateTime
  scheduledArrival?: DateTime
}
export interface Handler {
  participant: PartyId
  end: 'departure' | 'arrival'
}
/**
 * Container, wagon or trailer; packages and mass are those of the goods in it. What carries it comes with LoadingReported.
 */
export interface TransportEquipment {
  id: EquipmentId
  scheme: 'iso6346' | 'wagon1520' | 'wagonUic' | 'plate' | 'other'
  categoryCode: 'CN' | 'RR' | 'RF' | 'TE' | 'SM' | 'SW' | 'TN' | 'BX'
  characteristicCode?: string
  registrationCountry?: Country
  fullness: Code8169
  tareMassKg?: MassKg
  supplierPartyRoleCode?: Code8077
  shipperOwned?: boolean
  packageQuantity?: Quantity
  grossMassKg?: MassKg
  affixedSeal?: Seal[]
}
/**
 * A planned customs procedure; MRN and guarantee come later.
 */
export interface RegulatoryProcedure {
  country: Country
  typeCode: Code8323
  officePlaceIds?: {
    departure?: PlaceId
    transit?: PlaceId[]
    destination?: PlaceId
    entry?: PlaceId
    exit?: PlaceId
  }
}
/**
 * Only what its owner wants searchable: the unique consignment reference, the forwarder's or the consignor's own number.
 */
export interface NoteReference {
  code: 'UCN' | 'FF' | 'CU'
  id: Ident
}
export interface ReferencedConsignment {
  consignmentId: ConsignmentId
  relation: 'supplementary' | 'splitFrom' | 'mergedFrom' | 'returnOf'
}
/**
 * Balances goods against equipment without showing what the goods are.
 */
export interface ItemAllocation {
  itemId: GoodsItemId
  equipmentId?: EquipmentId
  packageQuantity: Quantity
  grossMassKg: MassKg
}
/**
 * Act: a consignment note, version 1. Opens the consignment.
 */
export interface NoteIssued {
  note: ConsignmentNote
}
/**
 * Admits a participant or, again, replaces its row.
 */
export interface ParticipantAdmitted {
  participant: ParticipantId
  roles: Role[]
  capacities: ('declarant' | 'operator' | 'agent' | 'consigneeSide')[]
  country: Country
  territory?: Country
  names: Text
  url: Url
}
/**
 * From this record on the participant's keys fail KEY.
 */
export interface ParticipantSuspended {
  participant: ParticipantId
  reason: Text
}
/**
 * Act of who holds a block: one more reader.
 */
export interface ParticularsGranted {
  digest: Digest
  reader: ParticipantId
  purpose: Ident
  until?: DateTime
}
/**
 * A station, port, terminal, border or office: a row of its own, never a participant.
 */
export interface PlaceRegistered {
  placeId: PlaceId
  kind: 'station' | 'borderStation' | 'port' | 'terminal' | 'customsOffice' | 'border' | 'yard' | 'seat'
  country: Country
  unlocode: Unlocode[]
  railCodes: RailCode[]
  borderPointCode?: Ident
  names: PlaceName[]
  gaugesMm: number[]
  timeZone: string
  customsTerritory: Country
  operatedBy: ParticipantId[]
  verified: boolean
}
export interface Unlocode {
  code: string
  functions?: string
}
/**
 * Six-digit station code (ESR); the check digit is judged elsewhere.
 */
export interface RailCode {
  code: string
  name?: ShortText
  direction?: ShortText
}
export interface PlaceName {
  languageId: string
  script: 'Latn' | 'Cyrl' | 'Geor' | 'Hans' | 'Arab'
  text: ShortText
}
/**
 * Fact: the open task ends.
 */
export interface ProblemAnswered {
  problem: EventId
  answer: 'solved' | 'rejected'
  text: Text
}
/**
 * Fact: what is wrong with which statement or item, and who should act.
 */
export interface ProblemRaised {
  about: ProblemSubject
  text: Text
  actionBy: PartyId
  code?: Ident
}
export interface ProblemSubject {
  statement?: EventId
  items?: Items
}
/**
 * Fact: a carrier's, port's or terminal's coded remark with the prescribed text (SMGS boxes from 30 on).
 */
export interface RemarkAdded {
  code: ShortIdent
  text: Text
  items: Items
}
/**
 * From this record on these rules hold; a node that lacks them stops here and says so.
 */
export interface RulesActivated {
  rulesVersion: Positive
  digest: Digest
}
/**
 * Fact: seals put on, found, taken off or replaced.
 */
export interface SealsChanged {
  placeId: PlaceId
  changes: SealChange[]
}
export interface SealChange {
  equipmentId: ItemId
  act: SealAct
  oldSealId?: Ident
  seal?: Seal
}
/**
 * Fact: the note the found goods belong to.
 */
export interface SurplusLinked {
  consignmentId: ConsignmentId
  itemId?: ItemId
  text?: Text
}
/**
 * Fact: goods or equipment on nobody's list. Opens the found goods.
 */
export interface SurplusReported {
  voyage?: Ident
  placeId: PlaceId
  equipmentId?: EquipmentId
  marks?: Marks
  packageQuantity?: Quantity
  grossMassKg?: MassKg
  text?: Text
}
/**
 * Signed head of the log tree; two different ones of one node for one size are proof of fraud.
 */
export interface Checkpoint {
  corridor: CorridorId
  epoch: Positive
  size: Count
  root: Digest
}
/**
 * A version of the note; the first opens the consignment. Territories are those of the route's places as the register had them.
 */
export interface VersionEffect {
  effect: 'version'
  issuer: ParticipantId
  hash: Digest
  note: ConsignmentNote
  territories: {
    [k: string]: Country
  }
}
export interface ClosedEffect {
  effect: 'closed'
  reason: 'cancelled'
}
/**
 * From now on a party of the consignment.
 */
export interface DrawnInEffect {
  effect: 'drawnIn'
  participant: ParticipantId
}
export interface CustodyEffect {
  effect: 'custody'
  items: ItemList
  holder: PartyId
  stage: Stage
  by: 'issue' | 'answer' | 'vouched'
  heldFor?: PartyId
}
export interface LiabilityEffect {
  effect: 'liability'
  items: ItemList
  liable: PartyId
}
export interface OfferEffect {
  effect: 'offer'
  offer: EventId
  from: ParticipantId
  to: ParticipantId
  into: Into
  items: ItemList
  placeId: PlaceId
  liabilityPasses: boolean
  delivers: ContractId[]
  deviates: boolean
  takesOverFor?: PartyId
  transferList?: TransferList
}
export interface OfferClosedEffect {
  effect: 'offerClosed'
  offer: EventId
  by: 'answer' | 'withdrawal'
}
/**
 * The receiver reported the goods departed while the offer was open.
 */
export interface DepartedEffect {
  effect: 'departed'
  offer: EventId
}
/**
 * Items that stayed with the giver, and why.
 */
export interface OutcomeEffect {
  effect: 'outcome'
  offer: EventId
  outcome: 'notTendered' | 'leftBehind' | 'refused' | 'missing'
  items: ItemList
}
/**
 * Of each of the items; a reservation that named no item is of all that were handed over.
 */
export interface ReservationEffect {
  effect: 'reservation'
  items: ItemList
  reservations: Reservation[]
}
export interface AgreedEffect {
  effect: 'agreed'
  contractId: ContractId
  legIds: LegId[]
  carrier: ParticipantId
}
/**
 * The contract runs for these items.
 */
export interface ContractEffect {
  effect: 'contract'
  contractId: ContractId
  items: ItemList
  carrierAssignedId: Ident
  acceptedAt: DateTime
  placeId: PlaceId
}
export interface ContractDeliveredEffect {
  effect: 'contractDelivered'
  contractId: ContractId
  items: ItemList
}
export interface MeansEffect {
  effect: 'means'
  legId: LegId
  typeCode: Code8179
  id: ShortIdent
  journeyId: Ident
  items: ItemList
}
export interface CarriedByEffect {
  effect: 'carriedBy'
  loads: Load[]
}
/**
 * What carries the item from now on; null once unloaded.
 */
export interface Load {
  item: ItemId
  unit: EquipmentId | null
}
export interface FiguresEffect {
  effect: 'figures'
  figures: ItemFigures[]
}
export interface ItemFigures {
  item: ItemId
  packageQuantity?: Quantity
  grossMassKg?: MassKg
  verifiedGrossMassKg?: MassKg
}
export interface SealsEffect {
  effect: 'seals'
  changes: ItemSealChange[]
}
export interface ItemSealChange {
  item: ItemId
  act: SealAct
  oldSealId?: Ident
  seal?: Seal
}
export interface PositionEffect {
  effect: 'position'
  items: ItemList
  statusCode: Code9013
  placeId: PlaceId
  kind: 'planned' | 'estimated' | 'actual'
  at: DateTime
  means?: ShortIdent
  journeyId?: Ident
  reasonCode?: Code9013
  actionBy?: PartyId
}
/**
 * A reported fact contradicts these holds.
 */
export interface BreachEffect {
  effect: 'breach'
  inBreachOf: EventId[]
  items: ItemList
}
export interface DeclarationEffect {
  effect: 'declaration'
  country: Country
  procedureTypeCode: Code8323
  references: Reference[]
  items: ItemList
}
export interface DecisionEffect {
  effect: 'decision'
  decision: EventId
  authority: ParticipantId
  territory: Country
  kind: DecisionKind
  items: ItemList
  blocks: boolean
  permittedMoves: PermittedMoveEffect[]
  doNotLoad: boolean
  mrn?: Ident
  timeLimit?: DateTime
  addressee?: PartyId
}
export interface PermittedMoveEffect {
  to: PartyId
  into: Into
}
export interface DecisionClosedEffect {
  effect: 'decisionClosed'
  decision: EventId
  by: 'lifted' | 'withdrawn'
  items: ItemList
}
export interface RemarkEffect {
  effect: 'remark'
  code: ShortIdent
  items: ItemList
}
export interface ActEffect {
  effect: 'act'
  act: EventId
  actTypeCode: 'COMMERCIAL-ACT' | 'GENERAL-ACT' | 'OPENING-ACT'
  number: Ident
  drawnBy: ParticipantId
  otherSide: ParticipantId[]
  items: NamedItems
}
export interface ActAnsweredEffect {
  effect: 'actAnswered'
  act: EventId
  answer: 'accepted' | 'disputed'
}
export interface CorrectionEffect {
  effect: 'correction'
  corrects: EventId
}
/**
 * Blocks of particulars that a decision names; those of a note stand in its version.
 */
export interface BlocksEffect {
  effect: 'blocks'
  holder: ParticipantId
  blocks: BlockReference[]
}
export interface GrantEffect {
  effect: 'grant'
  digest: Digest
  reader: ParticipantId
}
export interface FoundedEffect {
  effect: 'founded'
  corridor: CorridorId
  epoch: Positive
}
/**
 * Admitted, or its row replaced.
 */
export interface ParticipantEffect {
  effect: 'participant'
  participant: ParticipantId
  row: ParticipantRow
}
export interface ParticipantRow {
  roles: Role[]
  capacities: ('declarant' | 'operator' | 'agent' | 'consigneeSide')[]
  country: Country
  names: Text
  url: Url
  territory?: Country
}
export interface SuspendedEffect {
  effect: 'suspended'
  participant: ParticipantId
}
export interface PlaceEffect {
  effect: 'place'
  placeId: PlaceId
  row: PlaceRow
}
export interface PlaceRow {
  kind: 'station' | 'borderStation' | 'port' | 'terminal' | 'customsOffice' | 'border' | 'yard' | 'seat'
  country: Country
  unlocode: UnlocodeRow[]
  railCodes: RailCodeRow[]
  borderPointCode?: Ident
  names: PlaceNameRow[]
  gaugesMm: number[]
  timeZone: string
  customsTerritory: Country
  operatedBy: ParticipantId[]
  verified: boolean
}
export interface UnlocodeRow {
  code: string
  functions?: string
}
export interface RailCodeRow {
  code: string
  name?: ShortText
  direction?: ShortText
}
export interface PlaceNameRow {
  languageId: string
  script: 'Latn' | 'Cyrl' | 'Geor' | 'Hans' | 'Arab'
  text: ShortText
}
/**
 * Holds from the record `since` on.
 */
export interface KeyEffect {
  effect: 'key'
  kid: Thumbprint
  row: KeyRow
}
export interface KeyRow {
  participant: ParticipantId
  use: 'signature' | 'encryption'
  jwk: PublicJwk
  since: Count
  recovered?: true
}
export interface KeyRetiredEffect {
  effect: 'keyRetired'
  kid: Thumbprint
  from: Count
}
/**
 * Refused from the record `from` on, doubtful from `since` on.
 */
export interface KeyCompromisedEffect {
  effect: 'keyCompromised'
  kid: Thumbprint
  from: Count
  since: Count
}
export interface RulesEffect {
  effect: 'rules'
  version: Positive
  digest: Digest
}
export interface EpochClosedEffect {
  effect: 'epochClosed'
  epoch: Positive
  size: Count
  root: Digest
}
/**
 * Everything outside `data`, closed and frozen with `v`: a rule of ENVELOPE is the same for every statement, known or not.
 */
export interface Envelope {
  v: 1
  corridor: CorridorId
  subject: Subject
  type: string
  issuer: ParticipantId
  actor?: Actor
  sequence: Positive
  previous?: EventId
  asOf?: AsOf
  occurredAt: DateTime
  data: {
    [k: string]: unknown
  }
}
/**
 * The person for whom the node signs; assurance as in eIDAS.
 */
export interface Actor {
  pseudonym: string
  assurance: 'low' | 'substantial' | 'high'
}
/**
 * The log tree its signer had applied; compared by audit, not judged.
 */
export interface AsOf {
  size: Count
  root: Digest
}
/**
 * Signed by the new key itself: its owner has it and means this corridor and this participant. Encryption keys carry none.
 */
export interface KeyProof {
  corridor: CorridorId
  participant: ParticipantId
  thumbprint: Thumbprint
  use: 'signature'
}
export interface PartiesBlock {
  salt: string
  consignmentId: ConsignmentId
  consignor: Party
  consignee: Party
  contractConsignees?: ContractConsignee[]
  notified?: Party[]
  freightForwarder?: Party
  consignorAgent?: Party
  declarants?: DeclarantParty[]
  signatoryPerson?: ShortText
  mandate?: Mandate
}
/**
 * Named in up to three scripts.
 */
export interface Party {
  name: LocalText[]
  postalTradeAddress: PostalTradeAddress
  countryId: Country
  registration?: Registration[]
  definedTradeContact?: TradeContact
}
export interface PostalTradeAddress {
  postcodeCode?: ShortIdent
  streetName?: LongText
  cityName: ShortText
  countrySubDivisionName?: ShortText
}
export interface Registration {
  schemeId: 'TIN' | 'EORI' | 'AEO' | 'RAILWAY-CLIENT'
  id: Ident
}
export interface TradeContact {
  personName?: ShortText
  telephone?: string
  emailUri?: string
}
export interface ContractConsignee {
  contractId: ContractId
  consignee: Party
}
export interface DeclarantParty {
  country: Country
  party: Party
}
export interface Mandate {
  typeCode: DocumentTypeCode
  id: Ident
  validUntil?: DateTime
  documentHash: Digest
}
export interface GoodsBlock {
  salt: string
  consignmentId: ConsignmentId
  includedConsignmentItem: ConsignmentItem[]
}
export interface ConsignmentItem {
  itemId: GoodsItemId
  sequenceNumeric: number
  natureIdCargo: Text
  hs: string
  gng: string
  nhm?: string
  etsng?: string
  package: Package
  marks: string
  grossMassKg: MassKg
  netMassKg?: MassKg
  originCountry?: Country
  temperature?: TemperatureRange
}
export interface Package {
  quantity: Quantity
  typeCode: Code7065
  text?: ShortText
}
/**
 * Degrees Celsius.
 */
export interface TemperatureRange {
  min: number
  max: number
}
export interface DangerousGoodsBlock {
  salt: string
  consignmentId: ConsignmentId
  applicableDangerousGoods: DangerousGoods[]
}
/**
 * Per item and mode of a leg: rail, sea and road rules differ.
 */
export interface DangerousGoods {
  itemId: GoodsItemId
  modeCode: Code8067
  undgIdCode: string
  properShippingName: Text
  technicalName?: Text
  hazardClassificationId: string
  subsidiary?: string[]
  packagingDangerLevelCode: Code8339
  regulationCode: Code8273
  /**
   * Degrees Celsius.
   */
  flashpoint?: number
  marinePollutant?: boolean
  emergencyContact: TradeContact
}
export interface CommercialBlock {
  salt: string
  consignmentId: ConsignmentId
  declaredValueForCarriageAmount?: Amount
  invoiceAmount?: Amount
  deliveryTerms?: DeliveryTerms
  charges?: Charge[]
  contractReference?: Ident[]
}
/**
 * Decimal string and ISO 4217: never a float.
 */
export interface Amount {
  amount: string
  currencyCode: string
}
export interface DeliveryTerms {
  code: Code4053
  place: ShortText
}
/**
 * SMGS boxes 22 and 23.
 */
export interface Charge {
  sectionFromPlaceId: PlaceId
  sectionToPlaceId: PlaceId
  carrier: PartyId
  payingPartyRoleCode: 'COW' | 'COX' | 'TCP' | 'DCP'
  payerCode: Ident
}
export interface DocumentsAndInstructionsBlock {
  salt: string
  consignmentId: ConsignmentId
  associatedReferencedDocument?: AssociatedDocument[]
  handlingInstructions?: CodedText[]
  consignorStatements?: CodedText[]
  obstacleInstruction?: Text
  /**
   * Namespaced members on trial, at most 8 KiB as canonical JSON.
   */
  extensions?: {
    [k: string]: unknown
  }
}
/**
 * SMGS box 24. A document that travels on paper may lack a file.
 */
export interface AssociatedDocument {
  typeCode: DocumentTypeCode
  id: Ident
  issueDateTime: DateTime
  sha256?: Digest
  sizeBytes?: Count
  mediaType?: string
  travelsOnPaper: boolean
}
export interface CodedText {
  code?: Ident
  text: Text
}
/**
 * Reason and risk data of a customs decision, for authorities only.
 */
export interface AuthorityBlock {
  salt: string
  consignmentId: ConsignmentId
  reason?: Text
  riskIndicators?: CodedText[]
  /**
   * Namespaced members on trial, at most 8 KiB as canonical JSON.
   */
  extensions?: {
    [k: string]: unknown
  }
}
/**
 * JWS protected header, closed: no jwk, jku, x5u, crit or b64. `typ` keeps one kind of signed thing from being passed off as another.
 */
export interface ProtectedHeader {
  alg: 'ES256'
  kid: Thumbprint
  typ:
    | 'karvan-founding+jws'
    | 'karvan-register+jws'
    | 'karvan-event+jws'
    | 'karvan-receipt+jws'
    | 'karvan-checkpoint+jws'
    | 'karvan-webhook+jws'
    | 'karvan-key-proof+jws'
    | 'karvan-request+jws'
  iat: Count
  'x5t#S256'?: Digest
}
/**
 * A node's signed answer: its verdict on the record at `offset`. Size and root are those of the tree at the end of the batch.
 */
export interface Receipt {
  corridor: CorridorId
  eventId: EventId
  offset: Count
  verdict: 'accepted' | 'refused' | 'duplicate'
  code?: string
  size: Positive
  root: Digest
}
