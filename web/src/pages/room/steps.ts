import type { RoomDetail, RoomInside } from '@/api/types'

export const STEPS = ['materials', 'bids', 'discussion', 'conclusion', 'sign'] as const
export type StepId = (typeof STEPS)[number]
export type StepState = 'done' | 'now' | 'risk' | 'waiting'

type Inside = Pick<RoomInside, 'bid_count' | 'own_bid' | 'bids_hidden'> & { material: { ready: boolean } }

/** 资料就绪 → 提交意见 → 讨论订正 → 形成结论 → 签发, as somebody sees it who may or may not enter a bid. */
export function stepsOf(state: RoomDetail['state'], room: Inside, mayBid: boolean): { id: StepId; state: StepState }[] {
  const open = state === 'open'
  const signed = state === 'signed' || state === 'superseded'
  const concluded = signed || state === 'concluded'
  const awaited = open && ((mayBid && !room.own_bid && room.bids_hidden) || room.bid_count === 0)
  const stand = (done: boolean, now: boolean): StepState => (done ? 'done' : now ? 'now' : 'waiting')
  return [
    { id: 'materials', state: room.material.ready ? 'done' : 'risk' },
    { id: 'bids', state: stand(concluded || (open && !awaited), awaited) },
    { id: 'discussion', state: stand(concluded, open && !awaited) },
    { id: 'conclusion', state: stand(concluded, false) },
    { id: 'sign', state: stand(signed, state === 'concluded') },
  ]
}
