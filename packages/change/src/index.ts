export { openHandlers } from './actions/index.ts';
export type {
  Action,
  ActionKind,
  CgroupAction,
  CommandAction,
  FanAction,
  FileAction,
  FirewallAction,
  Json,
  LinkAction,
  ModuleAction,
  MountAction,
  PackageAction,
  SysctlAction,
  SysfsAction,
  UnitAction,
  ZramAction,
} from './action.ts';
export type { Applier, ApplyOptions } from './apply.ts';
export { findConflicts, withoutDecided } from './conflict/conflict.ts';
export type { RunningProcess } from './conflict/rivals.ts';
export type { Conflict } from './conflict/conflict.ts';
export { openEngine } from './engine.ts';
export type { Engine, EngineOptions } from './engine.ts';
export { runGuard, runProcessGuard } from './guard.ts';
export type { GuardOptions, ProcessGuardOptions } from './guard.ts';
export type { ActionHandler, DeviceIdentity, Handlers, Obstacle } from './handler.ts';
export type { Fate, JournalRecord } from './journal/record.ts';
export { realMachinePath } from './machine-path.ts';
export type { JournalContent, JournalStore } from './journal/store.ts';
export { keyOf, parsePlan } from './plan.ts';
export type { Change, Plan, Risk } from './plan.ts';
export type { PreviewStep } from './preview.ts';
export { refusalOf } from './preview.ts';
export type { Failure, Rollback } from './rollback.ts';
export { isInForce, isLive, isSame } from './transaction.ts';
export type { Phase, Step, Transaction } from './transaction.ts';
export type { Verification } from './verify.ts';
