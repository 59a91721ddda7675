/** What the tests of a warning begin with. */
import type { BasisView, Change, DraftView, IssuedView, TermsBody, WarningDetail } from '@/api/warningTypes'

export const at = (day: number, hour = 0) =>
  `2018-01-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00+08:00`

export const terms = (more: Partial<TermsBody> = {}): TermsBody => ({
  level: 'orange',
  cause: 'pm25',
  cities: ['320300'],
  start: at(15),
  end: at(18),
  ...more,
})

export const draft = (change: Change = 'issue', more: Partial<DraftView> = {}): DraftView => ({
  number: 1,
  change,
  change_label: '发布',
  change_label_en: 'Issue',
  terms: terms(),
  city_names: [],
  reason: '',
  prompt: null,
  by: 'air',
  by_name: '大气处',
  at: at(14, 9),
  assessed: null,
  signed: null,
  gate: 'assessment',
  digest: 'sha256:01',
  late: false,
  least_level: 'orange',
  notes: [],
  notes_en: [],
  ...more,
})

export const issued = (change: Change, more: Partial<TermsBody> = {}, when = at(14, 20)): IssuedView => ({
  number: 1,
  document: `〔2018〕${change}`,
  draft: draft(change, { terms: terms(more) }),
  digest: 'sha256:02',
  by: 'duty',
  by_name: '值班',
  at: when,
  told: [],
})

export const basis = (more: Partial<BasisView> = {}): BasisView => ({
  run: { id: 'r', digest: 'sha256:03', issue_time: at(14, 8), members: 50, model: 'm' },
  plan: {
    id: 'national-2018',
    version: '1',
    digest: 'sha256:04',
    title: '预案',
    title_en: 'Plan',
    act_at: 0.5,
    lead_hours: 24,
    max_forecast_age_hours: 24,
    lift_below_hours: 36,
  },
  data_time: at(14, 8),
  standard: 'HJ 633-2012',
  demonstration: true,
  age_hours: 1,
  fresh: true,
  cities: [],
  ...more,
})

export const warning = (more: Partial<WarningDetail> = {}): WarningDetail => ({
  id: 'w',
  code: 'YJ-20180114-00001',
  version: 1,
  owner: '320000',
  owner_name: '省厅',
  state: 'proposed',
  state_label: '拟发布',
  state_label_en: 'Proposed',
  exercise: true,
  demonstration: true,
  terms: null,
  draft: null,
  issued: [],
  basis: basis(),
  summary: null,
  actions: [],
  changes: [],
  history: [],
  levels: [],
  stamp: {
    data_time: at(14, 8),
    source: '演示',
    source_en: 'demo',
    standard: 'HJ 633-2012',
    review_state: 'raw',
    demo: true,
  },
  ...more,
})
