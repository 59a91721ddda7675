/** Short names for the shapes of warnings; the shapes themselves are generated from the server. */
import type { components } from './schema.gen'
import type { Told } from './types'

type Schemas = components['schemas']

export type WarningLevelCode = Schemas['WarningLevel']
export type WarningState = Schemas['WarningState']
export type Gate = Schemas['WarningGate']
export type Change = Schemas['WarningChange']
export type Cause = Schemas['WarningCause']
export type Shares = Told<Schemas['Shares']>
/** A place by its code. */
export type Named = Schemas['CityName']
export type TermsBody = Told<Schemas['TermsBody']>
export type PromptBody = Schemas['PromptBody']

export type WarningRow = Told<Schemas['WarningRow']>
export type WarningList = Told<Schemas['WarningList']>
export type BannerRow = Schemas['BannerRow']
export type WarningBanner = Schemas['WarningBanner']

export type PassedView = Schemas['PassedView']
export type CoursePoint = Told<Schemas['CoursePointView']>
export type CityBasisView = Told<Schemas['CityBasisView']>
export type BasisView = Told<Schemas['BasisView']>
export type DraftView = Told<Schemas['DraftView']>
export type IssuedView = Told<Schemas['IssuedView']>
export type StepId = 'assess' | 'sign' | 'issue' | 'drop' | 'draft' | 'summarise'
export type WarningAction = Schemas['ActionLine']
export type ChangeAction = Told<Schemas['ChangeAction']>
export type WarningHistoryRow = Schemas['WarningHistoryRow']
export type LevelView = Told<Schemas['LevelTerms']>
export type WarningDetail = Told<Schemas['WarningDetail']>

/** What is sent: what is left out is not said. */
export type NewWarning = Told<Omit<Schemas['NewWarning'], 'plan' | 'owner'>> &
  Partial<Pick<Schemas['NewWarning'], 'plan' | 'owner'>>
export type WarningStep = Partial<Schemas['WarningStep']>

export type Counterfactual = Told<Schemas['Counterfactual']>
export type ReviewRow = Told<Schemas['ReviewRow']>
export type Review = Told<Schemas['Review']>
export type DeliveryRow = Told<Schemas['DeliveryRow']>
export type DeliveryList = Told<Schemas['DeliveryList']>

export type ProposedCity = Told<Schemas['CityProposal']>
export type WarningProposal = Told<Schemas['Proposal']>
export type ProposalRun = Told<Schemas['ProposalSaid']>
export type ProposalHistory = Told<Schemas['ProposalHistory']>
