import { draw } from "./draw.ts";
import { LOAD_STEP_MS, type LoadKind, loadMw } from "./load.ts";

/** A meter that is simulated. `meterNumber` as the registry has it, 8 digits. */
export type MeterSpec = {
  thing: string;
  meterNumber: string;
  country: string;
  kind: LoadKind;
  seed: number;
  utcOffsetMinutes: number;
  /** What the register shows when the meter is first seen. */
  registerWh: number;
  /** Whether its relay is closed then. */
  connected: boolean;
};

/** All that changes. Energy is counted in whole milliwatt-hours; what is left of one is carried, so none is lost. */
export type MeterState = {
  /** UTC ms up to which the energy is counted. */
  at: number;
  connected: boolean;
  usedMwh: number;
  /** Milliwatt-milliseconds that are no whole milliwatt-hour yet. */
  carryMwMs: number;
  /** `usedMwh` plus this is the register: it falls at a reset. */
  registerFromMwh: number;
  /** `usedMwh` at the last start: the second counter begins anew there. */
  startedMwh: number;
};

const MW_MS_PER_MWH = 3_600_000;
const MWH_PER_WH = 1_000;
/** The register is written in steps of 0.01 kWh. */
export const REGISTER_STEP_WH = 10;

export const newMeter = (spec: MeterSpec, at: number): MeterState => ({
  at,
  connected: spec.connected,
  usedMwh: 0,
  carryMwMs: 0,
  registerFromMwh: spec.registerWh * MWH_PER_WH,
  startedMwh: 0,
});

/** Counts the energy up to an instant; an instant already passed changes nothing. An open relay uses nothing. */
export function advance(spec: MeterSpec, state: MeterState, to: number): MeterState {
  if (to <= state.at) return state;
  if (!state.connected) return { ...state, at: to };
  let { at, usedMwh, carryMwMs } = state;
  while (at < to) {
    const until = Math.min(to, (Math.floor(at / LOAD_STEP_MS) + 1) * LOAD_STEP_MS);
    const mwMs = carryMwMs + loadMw(spec, at) * (until - at);
    carryMwMs = mwMs % MW_MS_PER_MWH;
    usedMwh += (mwMs - carryMwMs) / MW_MS_PER_MWH;
    at = until;
  }
  return { ...state, at, usedMwh, carryMwMs };
}

export const switchRelay = (state: MeterState, connected: boolean): MeterState => ({ ...state, connected });
/** The register begins at zero again: the part was exchanged, or its memory was lost. */
export const resetRegister = (state: MeterState): MeterState => ({ ...state, registerFromMwh: -state.usedMwh });
/** The register survives a start; the integrated counter does not. */
export const reboot = (state: MeterState): MeterState => ({ ...state, startedMwh: state.usedMwh });

export const usedWh = (state: MeterState) => Math.floor(state.usedMwh / MWH_PER_WH);
/** What the register truly holds, whole watt-hours. */
export const registerWh = (state: MeterState) => Math.floor((state.usedMwh + state.registerFromMwh) / MWH_PER_WH);
/** What it shows: whole steps. */
export const shownWh = (state: MeterState) => registerWh(state) - (registerWh(state) % REGISTER_STEP_WH);

/** Everything measured at one instant, in whole units. */
export type Sample = {
  at: number;
  registerWh: number;
  integratedMwh: number;
  powerMw: number;
  reactiveMvar: number;
  voltageMv: number;
  currentMa: number;
  frequencyMhz: number;
  connected: boolean;
};

const POWER_FACTOR_PERMILLE = 955;
/** Of the power, for that power factor. */
const REACTIVE_PERMILLE = 310;
const VOLTAGE_MV = { nominal: 232_000, spread: 9_001, dropPerKw: 2_500 };
const FREQUENCY_MHZ = { least: 49_850, spread: 301 };

/** What the meter measures now: power, voltage and current belong to one load, and the line has voltage when the relay is open. */
export function sample(spec: MeterSpec, state: MeterState): Sample {
  const powerMw = state.connected ? loadMw(spec, state.at) : 0;
  const step = Math.floor(state.at / LOAD_STEP_MS);
  const swingMv = draw(VOLTAGE_MV.spread, spec.seed, spec.meterNumber, "voltage", step);
  const dropMv = Math.floor((powerMw * VOLTAGE_MV.dropPerKw) / 1_000_000);
  const voltageMv = VOLTAGE_MV.nominal - swingMv - dropMv;
  return {
    at: state.at,
    registerWh: shownWh(state),
    integratedMwh: state.usedMwh - state.startedMwh,
    powerMw,
    reactiveMvar: Math.floor((powerMw * REACTIVE_PERMILLE) / 1_000),
    voltageMv,
    currentMa: Math.round((powerMw * 1_000 * 1_000) / POWER_FACTOR_PERMILLE / voltageMv),
    frequencyMhz: FREQUENCY_MHZ.least + draw(FREQUENCY_MHZ.spread, spec.seed, "frequency", step),
    connected: state.connected,
  };
}
