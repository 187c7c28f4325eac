import type { DashboardSession } from '../../core/model/dashboard.ts';
import type { Translate } from '../texts.ts';
import { type DateTexts, minutesText, shorten } from './formatTexts.ts';
import { type PlannedSession, planAhead } from './planAhead.ts';
import { type SessionSpan, spanOf } from './sessionSpan.ts';
import { dayMs, hourMs, type Tick, ticksBetween } from './timeScale.ts';

/** How much of the time fits into the width: all, or so that a week or a day fills about the width of a window. */
export type TimelineZoom = 'fit' | 'week' | 'day';

export interface TimelineOptions {
  readonly sessions: readonly DashboardSession[];
  readonly nowMs: number;
  readonly zoom: TimelineZoom;
  /** Show what is still to be done, behind now. */
  readonly planned: boolean;
  readonly dates: DateTexts;
  readonly t: Translate;
}

/** A bar. Horizontal places are shares of the whole width, 0 to 1; vertical ones are pixels. */
export interface TimelineBar {
  readonly session: DashboardSession;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Empty where there is no room for it. */
  readonly label: string;
  /** The label fits into the bar; else it stands behind it. */
  readonly labelInside: boolean;
  readonly span?: SessionSpan;
  readonly planned?: PlannedSession;
}

/** The bars of a repository or track, in lanes such that none covers another. */
export interface TimelineGroup {
  /** Unique. */
  readonly key: string;
  readonly label: string;
  /** The track, below the label. */
  readonly detail?: string;
  readonly top: number;
  readonly height: number;
}

/** From the end of a session to the beginning of one that depends on it. */
export interface TimelineLink {
  readonly from: TimelineBar;
  readonly to: TimelineBar;
}

export interface TimelineTick {
  readonly at: number;
  readonly label: string;
}

/** Where everything of the timeline lies. */
export interface TimelineLayout {
  readonly groups: readonly TimelineGroup[];
  readonly bars: readonly TimelineBar[];
  readonly links: readonly TimelineLink[];
  readonly ticks: readonly TimelineTick[];
  /** Undefined where nothing was begun: then all is ahead. */
  readonly nowAt: number | undefined;
  /** Where the part begins that is measured in hours of work; undefined without it. */
  readonly aheadFrom: number | undefined;
  /** The drawn time; undefined where nothing was begun. */
  readonly fromMs: number | undefined;
  /** Pixels; in `fit` what the shares are made for, while the drawing takes the width that it gets. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Sessions that have a place in time and are not drawn, since they are too many or lie before the drawn time. */
  readonly leftOut: number;
  /** Sessions that were begun or done without a time that can be understood. */
  readonly withoutTime: number;
}

/** So many bars at most: more cannot be told apart, and each is several elements. */
export const mostBars = 240;
const mostPlanned = 80;
const mostLinks = 150;
/** A group that needs more lanes shows no labels beside its bars, and if that does not help, bars that overlap. */
const mostLanes = 14;

const fitWidth = 900;
const aheadWidth = 420;
const pixelsPerDay: Readonly<Record<Exclude<TimelineZoom, 'fit'>, number>> = { day: 800, week: 120 };
/** Browsers draw no wider pictures well. */
const mostPixels = 30_000;

export const axisHeight = 26;
export const barHeight = 18;
const laneHeight = 25;
const groupPadding = 7;
/** Room for the label of the last bar. */
const rightMargin = 96;
const leastBar = 7;
const letterWidth = 7.4;
const iconWidth = 20;

interface Placed {
  readonly session: DashboardSession;
  readonly span?: SessionSpan;
  readonly planned?: PlannedSession;
}

/** Lays the timeline out. Pure, never throws, and draws a bounded number of bars however many sessions there are. */
export function layOutTimeline(options: TimelineOptions): TimelineLayout {
  const { sessions, nowMs, planned } = options;
  const ahead = planned ? planAhead(sessions, nowMs) : [];
  const drawnAhead = ahead.slice(0, mostPlanned);
  const begun = sessions.flatMap((session) => {
    const span = spanOf(session, nowMs);
    return span === undefined || (planned && isPlanned(session)) ? [] : [{ session, span }];
  });
  const latest = latestOf(begun, mostBars - drawnAhead.length);
  const scale = createScale(options, latest, drawnAhead);
  const drawn: Placed[] = [
    ...latest.filter(({ span }) => scale.fromMs === undefined || span.endMs >= scale.fromMs),
    ...drawnAhead.map((each) => ({ session: each.session, planned: each })),
  ];
  const { groups, bars, height } = placeBars(inOrderOf(sessions, drawn), scale);
  return {
    groups,
    bars,
    links: linksBetween(bars),
    ticks: scale.ticks,
    nowAt: scale.nowAt,
    aheadFrom: scale.aheadFrom,
    fromMs: scale.fromMs,
    width: scale.width,
    height,
    leftOut: begun.length + ahead.length - drawn.length,
    withoutTime: sessions.filter((session) => !isPlanned(session) && spanOf(session, nowMs) === undefined).length,
  };
}

function isPlanned({ state }: DashboardSession): boolean {
  return state === 'ready' || state === 'waiting' || state === 'retry';
}

/** What goes on, then what ended last. */
function latestOf<T extends { readonly span: SessionSpan }>(begun: readonly T[], most: number): readonly T[] {
  if (begun.length <= most) return begun;
  return [...begun]
    .sort((a, b) => Number(b.span.open) - Number(a.span.open) || b.span.endMs - a.span.endMs)
    .slice(0, most);
}

function inOrderOf(sessions: readonly DashboardSession[], drawn: readonly Placed[]): readonly Placed[] {
  const byKey = new Map(drawn.map((each) => [each.session, each]));
  return sessions.flatMap((session) => byKey.get(session) ?? []);
}

/** Turns times into shares of the width. */
interface Scale {
  readonly width: number;
  readonly fromMs: number | undefined;
  readonly nowAt: number | undefined;
  readonly aheadFrom: number | undefined;
  readonly ticks: readonly TimelineTick[];
  ofMs(ms: number): number;
  ofMinutes(minutes: number): number;
}

function createScale(
  { nowMs, zoom, dates, t }: TimelineOptions,
  begun: readonly { readonly span: SessionSpan }[],
  ahead: readonly PlannedSession[],
): Scale {
  let fromMs = begun.reduce((least, { span }) => Math.min(least, span.startMs), nowMs);
  const toMs = begun.reduce((greatest, { span }) => Math.max(greatest, span.endMs), nowMs);
  fromMs = Math.min(fromMs, toMs - hourMs);
  const hasPast = begun.length > 0;
  let pastWidth = hasPast ? fitWidth - (ahead.length > 0 ? aheadWidth * 0.8 : rightMargin) : 0;
  if (zoom !== 'fit' && hasPast) {
    const perDay = pixelsPerDay[zoom];
    const days = Math.max((toMs - fromMs) / dayMs, fitWidth / perDay);
    pastWidth = Math.min(days * perDay, mostPixels);
    fromMs = Math.max(0, toMs - (pastWidth / perDay) * dayMs);
  }
  const aheadSpace = ahead.length > 0 ? (hasPast ? (zoom === 'fit' ? aheadWidth * 0.8 : aheadWidth) : fitWidth) : 0;
  const width = pastWidth + (ahead.length > 0 ? aheadSpace : rightMargin);
  const inset = 10;
  const aheadStart = hasPast ? pastWidth + 14 : inset;
  const aheadEnd = width - rightMargin;
  const mostAhead = ahead.reduce((greatest, { toMinutes }) => Math.max(greatest, toMinutes), 1);
  const ofMs = (ms: number): number =>
    (inset + Math.min(Math.max((ms - fromMs) / (toMs - fromMs), 0), 1) * (pastWidth - inset)) / width;
  const ofMinutes = (minutes: number): number =>
    (aheadStart + (minutes / mostAhead) * Math.max(aheadEnd - aheadStart, 1)) / width;
  const pastTicks = hasPast ? ticksBetween(fromMs, toMs, Math.max(2, Math.floor(pastWidth / 85)), dates) : [];
  return {
    width,
    fromMs: hasPast ? fromMs : undefined,
    nowAt: hasPast ? ofMs(nowMs) : undefined,
    aheadFrom: ahead.length > 0 ? (hasPast ? (pastWidth + 4) / width : 0) : undefined,
    ticks: [
      ...pastTicks.map(({ ms, label }: Tick) => ({ at: ofMs(ms), label })),
      ...(ahead.length > 0 ? workTicks(mostAhead, t).map(([at, label]) => ({ at: ofMinutes(at), label })) : []),
    ],
    ofMs,
    ofMinutes,
  };
}

const workSteps = [15, 30, 60, 120, 240, 480, 960, 1440, 2880, 7200, 14400, 43200];

/** `+2 h`: minutes of work from now on, three at most. */
function workTicks(mostMinutes: number, t: Translate): readonly (readonly [minutes: number, label: string])[] {
  const step = workSteps.find((each) => mostMinutes / each <= 3) ?? Math.ceil(mostMinutes / 3);
  const count = Math.max(1, Math.floor(mostMinutes / step));
  return Array.from({ length: count }, (_, index) => (index + 1) * step)
    .filter((minutes) => minutes <= mostMinutes)
    .map((minutes) => [minutes, `+${minutesText(t, minutes)}`]);
}

/** Puts each shape, in the order of their beginnings, into the first lane that is free there. */
function findLanes(shapes: readonly Shape[]): readonly (Shape & { readonly lane: number })[] {
  const withLabels = fillLanes(shapes);
  if (withLabels !== undefined) return withLabels;
  const bare = shapes.map((shape) => (shape.labelInside ? shape : { ...shape, label: '', taken: shape.right }));
  return fillLanes(bare) ?? bare.map((shape, index) => ({ ...shape, lane: index % mostLanes }));
}

/** Undefined where that takes more lanes than a group may have. */
function fillLanes(shapes: readonly Shape[]): readonly (Shape & { readonly lane: number })[] | undefined {
  const ends: number[] = [];
  const placed = shapes.map((shape) => {
    const free = ends.findIndex((end) => end <= shape.left);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = shape.taken;
    return { ...shape, lane };
  });
  return ends.length > mostLanes ? undefined : placed;
}

/** Pixels that a label with its icon takes, about. */
export function labelWidth(label: string): number {
  return Math.round(label.length * letterWidth + iconWidth);
}

/** Groups bars by repository and track, and puts each into the first lane where it covers none before it. */
function placeBars(drawn: readonly Placed[], scale: Scale): Pick<TimelineLayout, 'groups' | 'bars' | 'height'> {
  const byGroup = new Map<string, Placed[]>();
  const severalProjects = new Set(drawn.map(({ session }) => session.project)).size > 1;
  for (const each of drawn) {
    const key = `${groupLabel(each.session, severalProjects)}\n${each.session.track ?? ''}`;
    const same = byGroup.get(key);
    if (same) same.push(each);
    else byGroup.set(key, [each]);
  }
  const groups: TimelineGroup[] = [];
  const bars: TimelineBar[] = [];
  let top = axisHeight;
  for (const [key, members] of byGroup) {
    const shapes = members.map((each) => shapeOf(each, scale)).sort((a, b) => a.left - b.left);
    const placed = findLanes(shapes);
    for (const { taken, lane, ...bar } of placed) bars.push({ ...bar, top: top + groupPadding + lane * laneHeight });
    const laneCount = placed.reduce((most, { lane }) => Math.max(most, lane + 1), 1);
    const height = laneCount * laneHeight - (laneHeight - barHeight) + 2 * groupPadding;
    const [label = '', detail = ''] = key.split('\n');
    groups.push({ key, label, ...(detail !== '' && { detail }), top, height });
    top += height;
  }
  return { groups, bars, height: top };
}

function groupLabel({ project, repository }: DashboardSession, severalProjects: boolean): string {
  if (repository === undefined) return project;
  return severalProjects ? `${project} / ${repository}` : repository;
}

type Shape = Omit<TimelineBar, 'top'> & {
  /** Up to where nothing else may begin in its lane. */ readonly taken: number;
};

function shapeOf({ session, span, planned }: Placed, scale: Scale): Shape {
  const least = leastBar / scale.width;
  const left = planned ? scale.ofMinutes(planned.fromMinutes) : scale.ofMs(span?.startMs ?? 0);
  const end = planned ? scale.ofMinutes(planned.toMinutes) : scale.ofMs(span?.endMs ?? 0);
  const right = Math.max(end, left + least);
  const fitting = Math.floor(((right - left) * scale.width - iconWidth - 4) / letterWidth);
  const label = shorten(session.id, Math.max(18, fitting));
  const labelShare = labelWidth(label) / scale.width;
  const labelInside = right - left >= labelShare + 4 / scale.width;
  const taken = (labelInside ? right : right + labelShare) + 8 / scale.width;
  return { session, left, right, label, labelInside, taken, ...(span && { span }), ...(planned && { planned }) };
}

/** Dependencies between drawn bars; for what is still to be done only those that are not met. */
function linksBetween(bars: readonly TimelineBar[]): readonly TimelineLink[] {
  const byKey = new Map(bars.map((bar) => [bar.session.key, bar]));
  const links: TimelineLink[] = [];
  for (const to of bars) {
    for (const { key, met } of to.session.dependencies) {
      const from = key === undefined ? undefined : byKey.get(key);
      if (from === undefined || from === to || (to.planned !== undefined && met)) continue;
      links.push({ from, to });
      if (links.length === mostLinks) return links;
    }
  }
  return links;
}
