/** What a person reads in place of the pattern of a shared definition, by its title. */
const byTitle: Readonly<Record<string, string>> = {
  ParticipantId: 'the id of a participant, such as uz-uty',
  OutsideId: 'the id of a party outside, such as outside:tm-forwarder',
  PartyId: 'the id of a participant or of a party outside, such as uz-uty or outside:tm-forwarder',
  PlaceId: 'the id of a place, such as uz-akhangaran',
  ContractId: 'the id of a contract, c1 to c99',
  LegId: 'the id of a leg, l1 to l99',
  EquipmentId: 'the number of a container, wagon or trailer: 4 to 17 capital letters and digits, such as MSKU1234565',
  GoodsItemId: 'the id of a goods item, g1 to g999',
  ItemId: 'the number of a container, wagon or trailer, such as MSKU1234565, or the id of a goods item, such as g1',
  EventId: 'the event id of a statement: 43 characters of base64url',
  Digest: 'a digest: 43 characters of base64url',
  Thumbprint: 'the thumbprint of a key: 43 characters of base64url',
  CorridorId: 'the id of a corridor: 43 characters of base64url',
  ConsignmentId: 'the id of a consignment: a UUIDv7 in lower case',
  Subject: 'corridor, or the id of a consignment: a UUIDv7 in lower case',
  DateTime: 'an RFC 3339 time in UTC ending in Z, such as 2026-11-24T08:00:00Z',
  Country: 'a country of ISO 3166-1, such as UZ',
  Ident: 'a number of 1 to 70 printable ASCII characters, with no space at its ends',
  ShortIdent: 'a number of 1 to 17 printable ASCII characters, with no space at its ends',
  ShortText: 'a text of 1 to 70 characters of the basic plane',
  Marks: 'a text of 1 to 85 characters of the basic plane',
  LongText: 'a text of 1 to 2,000 characters',
  Url: 'an address that begins with http:// or https://, of at most 200 characters',
  Jws: 'a JWS in compact form, signed with ES256',
}

/** Patterns that stand where they are used, without a title. */
const byPattern: Readonly<Record<string, string>> = {
  '^[0-9]{4}$': '4 digits',
  '^[0-9]{6}$': '6 digits',
  '^[0-9]{8}$': '8 digits',
  '^[0-9]{4,16}$': '4 to 16 digits',
  '^[A-Z]{2}[A-Z2-9]{3}$': 'a UN/LOCODE: two letters of the country, three letters or digits from 2 to 9',
  '^[0-9B-]{1,8}$': 'the function classifiers of UN/LOCODE, such as 1-3-----',
  '^[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}$': 'a time zone of the IANA database, such as Asia/Tashkent',
  '^[A-Z0-9]{4}$': '4 capital letters and digits, such as 42G1',
  '^[A-Z]{3}$': '3 capital letters, such as USD',
  '^[A-Za-z0-9_-]{43}$': '43 characters of base64url',
  '^(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,4})?$': 'an amount with at most 4 decimals, such as 1250.50',
  '^[1-9](?:\\.[1-9][A-Z]?)?$': 'a class of dangerous goods, such as 4.2',
  '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$': 'a language (BCP 47), such as en or uz-Latn',
  '^[!-?A-~]{1,64}@[!-?A-~]{1,135}$': 'an e-mail address',
  '^\\+?[0-9][0-9 ()-]{3,22}$': 'a telephone number, such as +998 71 123 45 67',
  '^[a-z0-9.+-]{1,50}/[a-z0-9.+-]{1,49}$': 'a media type, such as application/pdf',
  '^[^\\u0000]{1,512}$': 'a text of 1 to 512 characters',
  '^[a-z][a-z0-9-]{0,30}:[A-Za-z0-9._-]{1,48}$': 'a name with a prefix, such as karvan:trial',
  '^(?:/(?:[ -.0-}]|~[01]){0,70}){1,16}$': 'a JSON pointer (RFC 6901), such as /note/grossMassKg',
}

/** A pattern, told to a person; as it stands where nobody has said it in words. */
export function expectationOf({ title, pattern, description }: { readonly title?: string; readonly pattern?: string; readonly description?: string }): string {
  return ownMember(byTitle, title) ?? ownMember(byPattern, pattern) ?? description ?? `a text that matches ${pattern}`
}

function ownMember(table: Readonly<Record<string, string>>, name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
}
