import { address, read, send, type Outcome, type Page } from './client'
import type {
  Counterfactual,
  DeliveryList,
  NewWarning,
  ProposalHistory,
  Review,
  StepId,
  WarningBanner,
  WarningDetail,
  WarningList,
  WarningProposal,
  WarningRow,
  WarningStep,
} from './warningTypes'

export interface WarningFilter {
  state?: string
  city?: string
  /** `true`, `false`, or nothing for both. */
  exercise?: string
  /** `true`: where it is the reader's turn. */
  mine?: string
}
export interface Receipt {
  document: string
  channel: string
  recipient: string
}
/** One page of the list, and whether the reader may propose one. */
export type WarningPage = Page<WarningRow> & Pick<WarningList, 'can_propose' | 'why_not' | 'why_not_en' | 'stamp'>

const path = (id: string) => `/warnings/${encodeURIComponent(id)}`

/** Heavy-pollution warnings (重污染天气预警): proposal, gates, documents, what came of them. */
export const warningsApi = {
  async list(filter: WarningFilter, cursor?: string): Promise<Outcome<WarningPage>> {
    const answer = await read<WarningList>('/warnings', { ...filter, cursor })
    if (answer.kind === 'pending') return answer
    const { rows, ...rest } = answer.data
    return { kind: 'ready', data: { items: rows, ...rest } }
  },
  inForce: (): Promise<Outcome<WarningBanner>> => read('/warnings/in-force'),
  one: (id: string): Promise<Outcome<WarningDetail>> => read(path(id)),
  proposal: (): Promise<Outcome<WarningProposal>> => read('/warnings/proposal'),
  proposals: (city: string, runs = 20): Promise<Outcome<ProposalHistory>> =>
    read('/warnings/proposals', { city, runs }),
  propose: (body: NewWarning, key: string): Promise<WarningDetail> => send('POST', '/warnings', { body, key }),
  step: (warning: Seen, step: StepId, body: WarningStep, key: string): Promise<WarningDetail> =>
    send('POST', `${path(warning.id)}/${step}`, { body, version: warning.version, key }),
  counterfactual: (id: string, at: string): Promise<Outcome<Counterfactual>> =>
    read(`${path(id)}/counterfactual`, { at }),
  review: (id: string): Promise<Outcome<Review>> => read(`${path(id)}/review`),
  deliveries: (id: string): Promise<Outcome<DeliveryList>> => read(`${path(id)}/deliveries`),
  receipt: (warning: Seen, body: Receipt, key: string): Promise<unknown> =>
    send('POST', `${path(warning.id)}/receipt`, { body, version: warning.version, key }),
  /** Without a number, the draft under way, marked as such. */
  documentAddress: (id: string, format: 'docx' | 'pdf', number?: number) =>
    address(`${path(id)}/document`, { number, format }),
  capAddress: (id: string, number: number) => address(`${path(id)}/cap`, { number }),
  tableAddress: (format: 'csv' | 'xlsx', filter: WarningFilter) => address('/warnings', { ...filter, format }),
}

/** A warning as it was read. */
type Seen = Pick<WarningDetail, 'id' | 'version'>
