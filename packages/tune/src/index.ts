export { encodeProfile } from './evidence/encode-profile.ts';
export { learn } from './evidence/learn.ts';
export type { Learning, LearnOptions, LearnProgress } from './evidence/learn.ts';
export type { MeasuringOptions } from './evidence/measuring.ts';
export { proveChanges, verdictOf } from './evidence/prove.ts';
export type { Proof, ProveOptions, ProveProgress } from './evidence/prove.ts';
export { renderProof } from './evidence/render-proof.ts';
export type { PlanKnobs } from './evidence/settings.ts';
export { parsePoints } from './fan/curve.ts';
export type { Curve, CurvePoint } from './fan/curve.ts';
export type {
  Fan,
  FanControl,
  FanDriver,
  FanHolder,
  FanMode,
  FanReading,
  FanTemperature,
  HeldFan,
} from './fan/fan-driver.ts';
export { holdFan } from './fan/hold-fan.ts';
export type { FanEvent, HoldOptions } from './fan/hold-fan.ts';
export { openHwmonFans } from './fan/hwmon-driver.ts';
export type { HwmonDriverOptions } from './fan/hwmon-driver.ts';
export { clampLevel, clampRpm, levelOfDuty, parseSpeed, percentOf } from './fan/speed.ts';
export type { ClampedLevel, FanSpeed } from './fan/speed.ts';
export { curveWish, steadyWish, turningWish } from './fan/wish.ts';
export type { CurveWish, FanWish, WishMaker } from './fan/wish.ts';
export { classify } from './host/classify.ts';
export type { Classification, ProfileScore } from './host/classify.ts';
export { detect } from './host/detect.ts';
export { createLook } from './host/detect/look.ts';
export type { Look } from './host/detect/look.ts';
export type { HostFacts } from './host/facts.ts';
export { healthy } from './host/healthy.ts';
export { listProfiles, loadProfile } from './host/load-profile.ts';
export type { ProfileListing } from './host/load-profile.ts';
export { parseProfile, profileOf } from './host/parse-profile.ts';
export { planProfile, withoutMissing } from './host/plan.ts';
export type { HostPlan, SkippedKnob } from './host/plan.ts';
export { PROFILE_NAME } from './host/profile.ts';
export type { KnobEntry, Profile } from './host/profile.ts';
export { PROFILE_NAMES } from './host/profile-name.ts';
export type { ProfileName } from './host/profile-name.ts';
export { importTuned } from './host/tuned/import.ts';
export type { Imported } from './host/tuned/import.ts';
export type { Verdict } from './host/verdict.ts';
export { keepTuned } from './keep/keeper.ts';
export type { KeeperOptions, TuneEvent } from './keep/keeper.ts';
export { applyWatched } from './keep/watched-apply.ts';
export type { WatchedApplyOptions } from './keep/watched-apply.ts';
