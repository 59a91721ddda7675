import type { Tokens } from '@/tokens'

export const FONT = "'Barlow','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

/** The tooltip in the look of the page. */
export function tooltipLook(tokens: Tokens) {
  return {
    backgroundColor: tokens.surface,
    borderColor: tokens.line2,
    padding: [6, 10],
    textStyle: { color: tokens.t1, fontSize: 12, fontFamily: FONT },
    confine: true,
    transitionDuration: 0,
  }
}

export function axisLook(tokens: Tokens) {
  return {
    axisLine: { lineStyle: { color: tokens.line2 } },
    axisTick: { lineStyle: { color: tokens.line2 } },
    axisLabel: { color: tokens.t3, fontSize: 12, fontFamily: FONT, hideOverlap: true },
    splitLine: { lineStyle: { color: tokens.line } },
  }
}

const hatches = new Map<string, HTMLCanvasElement>()

/** Grey hatch: no data is never a colour of the scale. */
export function hatch(tokens: Tokens) {
  const key = `${tokens.surface} ${tokens.aqi[0]}`
  const image = hatches.get(key) ?? drawHatch(tokens)
  hatches.set(key, image)
  return { image, repeat: 'repeat' as const }
}

function drawHatch(tokens: Tokens): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 8
  const pen = canvas.getContext('2d')
  if (!pen) return canvas
  pen.fillStyle = tokens.surface2
  pen.fillRect(0, 0, 8, 8)
  pen.strokeStyle = tokens.aqi[0] ?? tokens.t3
  pen.lineWidth = 1.5
  for (const start of [-8, 0, 8]) {
    pen.moveTo(start, 8)
    pen.lineTo(start + 8, 0)
  }
  pen.stroke()
  return canvas
}
