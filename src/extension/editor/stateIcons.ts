import { type ShownState, shownStates } from '../../core/model/shownState.ts';

/** Shapes differ, so that a state is told without its colour too. 16 by 16. */
const shapes: Readonly<Record<ShownState, string>> = {
  active: '<circle cx="8" cy="8" r="4.5" fill="C"/>',
  ready: '<circle cx="8" cy="8" r="4" fill="none" stroke="C" stroke-width="1.5"/>',
  waiting: '<circle cx="8" cy="8" r="4" fill="none" stroke="C" stroke-width="1.5" stroke-dasharray="2 2"/>',
  paused: '<path d="M5 4h2v8H5zM9 4h2v8H9z" fill="C"/>',
  blocked:
    '<circle cx="8" cy="8" r="4.5" fill="none" stroke="C" stroke-width="1.5"/><path d="M5 11l6-6" stroke="C" stroke-width="1.5"/>',
  failed: '<path d="M4.5 4.5l7 7m0-7l-7 7" stroke="C" stroke-width="2"/>',
  retry: '<path d="M12 8a4 4 0 1 1-1.2-2.8M12 3v3H9" fill="none" stroke="C" stroke-width="1.5"/>',
  done: '<path d="M3.5 8.5l3 3 6-7" fill="none" stroke="C" stroke-width="2"/>',
  unknown: '<path d="M6 6a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M8 11v1.6" fill="none" stroke="C" stroke-width="1.5"/>',
};

const colors: Readonly<Record<ShownState, readonly [dark: string, light: string]>> = {
  active: ['#e2c08d', '#8a6100'],
  ready: ['#75beff', '#005fb8'],
  waiting: ['#a0a0a0', '#6b6b6b'],
  paused: ['#e2c08d', '#8a6100'],
  blocked: ['#f48771', '#b01011'],
  failed: ['#f48771', '#b01011'],
  retry: ['#f48771', '#b01011'],
  done: ['#73c991', '#2e7d32'],
  unknown: ['#a0a0a0', '#6b6b6b'],
};

/** The icon of each state for dark and light themes, as data URIs of SVG. */
export const stateIcons: readonly { readonly state: ShownState; readonly dark: string; readonly light: string }[] =
  shownStates.map((state) => {
    const [dark, light] = colors[state];
    return { state, dark: dataUri(shapes[state], dark), light: dataUri(shapes[state], light) };
  });

function dataUri(shape: string, color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape.replaceAll('"C"', `"${color}"`)}</svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}
