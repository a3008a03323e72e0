/** What a story's consignment looks like to those on the route while it is told. */
export interface Moments {
  /** By step: all that anybody is to do then; nobody else has anything to do. */
  readonly todo: Readonly<Record<string, readonly string[]>>
  /** By step: what comes to a port, as its own node has it. */
  readonly coming: { readonly to: string; readonly at: string; readonly seen: Readonly<Record<string, readonly string[]>> }
}

export const momentsOf: Readonly<Record<string, Moments>> = {
  casca: {
    todo: {
      '01-note': ['uz-forwarder: load 91'],
      '10-offer': ['uz-uty: answerOffer 91'],
      '10-answer': ['uz-uty: acceptCarriage 91'],
      '11-departed': [],
      '19-answer': ['caspian-line: nominateMeans 91'],
      '21-nominated': ['caspian-line: nominateMeans 31', 'tm-port-turkmenbashi: offer 60'],
      '23-not-loaded': ['caspian-line: acceptCarriage 60', 'caspian-line: nominateMeans 31'],
      '31-inspection': [
        'az-customs: makeInspection 1', 'az-port-alat: load 59', 'az-port-alat: supportInspection 1', 'caspian-line: answerAct 1', 'caspian-line: nominateMeans 31',
      ],
      '30-act-answered': ['az-customs: makeInspection 1', 'az-port-alat: load 59', 'az-port-alat: supportInspection 1', 'caspian-line: nominateMeans 31'],
      '35-control-result': ['az-customs: decideHold 1', 'az-port-alat: load 90'],
      '43-answer': ['blacksea-line: nominateMeans 91'],
      '45-offer-delivery': ['consignee-side: answerOffer 91'],
      '45-answer-delivery': [],
    },
    coming: {
      to: 'az-alat', at: 'az-port-alat',
      seen: {
        '01-note': ['91 planned by uz-forwarder'],
        '21-nominated': ['60 on BALKAN BLK-DEMO-041 planned by caspian-line', '31 planned by uz-forwarder'],
        '31-inspection': ['31 planned by uz-forwarder'],
        '35-control-result': [],
      },
    },
  },
  'altynkol-poti': {
    todo: {
      '01-note': ['kz-ktze: load 40'],
      '01-vouched-xian': [], // a party without a node has no list of what to do
      '02-vouched-altynkol': ['kz-ktz: acceptCarriage 40'],
      '04-loaded-1520': ['kz-ktz: depart 40'],
      '09-no-news': ['kz-kmtf: answerOffer 40'],
      '09-departed': ['kz-kmtf: answerOffer 40'],
      '08-answer': ['kz-kmtf: acceptCarriage 40'],
      '10-act': ['az-port-alat: load 39', 'kz-kmtf: answerAct 1', 'kz-kmtf: findMissing 1', 'kz-port-aktau: answerAct 1'],
      '12-answer-ady': ['az-ady: acceptCarriage 39', 'kz-kmtf: answerAct 1', 'kz-kmtf: findMissing 1', 'kz-port-aktau: answerAct 1'],
      '10-found': ['kz-kmtf: answerAct 1', 'kz-port-aktau: answerAct 1'],
      '10-act-answered': [],
      '14-answer-delivery-late': [],
    },
    coming: {
      to: 'az-alat', at: 'az-port-alat',
      seen: {
        '08-nominated': ['40 on DEMO-KM-2 KMTF-DEMO-052 planned by kz-kmtf'],
        '09-no-news': ['40 on DEMO-KM-2 KMTF-DEMO-052 estimated by az-port-alat'],
        '10-answer': ['1 on DEMO-KM-2 KMTF-DEMO-052 actual by kz-kmtf'], // which the line corrects once it has found the box
        '10-departed-again': ['1 on DEMO-KM-2 KMTF-DEMO-053 planned by kz-kmtf'],
        '10-answer-again': [],
      },
    },
  },
  'kuryk-kars': {
    todo: {
      '04-offer-ferry': ['az-asco: answerOffer 20'],
      '04-answer-ferry': ['az-asco: depart 20'],
      '06-answer': ['az-ady: depart 19', 'az-asco: offer 1'],
      '06-nominated-again': [],
      '11-documents-wanted': ['ge-gr: offer 20', 'tr-consignee-side: lodgeDocuments 20'],
      '11-held': ['ge-gr: offer 20', 'tr-consignee-side: lodgeDocuments 20', 'tr-customs: decideHold 20'],
      '11-hold-lifted': ['ge-gr: offer 20'],
      '10-answer': ['tr-tcdd: depart 20'],
      '13-answer-delivery': [],
    },
    coming: {
      to: 'az-alat', at: 'az-port-alat',
      seen: {
        '04-nominated': ['20 on DEMO-AS-7 ASCO-DEMO-118 planned by az-asco'],
        '06-answer': ['1 on DEMO-AS-7 ASCO-DEMO-118 actual by az-asco'],
        '06-nominated-again': ['1 on DEMO-AS-7 ASCO-DEMO-119 planned by az-asco'], // the call that it was carried past is over
        '06-departed-again': ['1 on DEMO-AS-7 ASCO-DEMO-119 planned by az-asco'],
        '06-answer-again': [],
      },
    },
  },
}
