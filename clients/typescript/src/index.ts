export { credentials } from '@grpc/grpc-js'; // of the very copy that Phone uses

export { Backoff, type BackoffLimits } from './backoff';
export { type Clock, phoneClock } from './clock';
export { CallError, canvass, Connection, type Mend, toCallError } from './connection';
export { Journal } from './journal';
export { kBatchKnocksMax, Outbox, type Sent } from './outbox';
export { type FoundFacts, type KnockFacts, NotEnrolled, Phone, type PhoneOptions, type Synced } from './phone';
export { type HeldList, type OwnAddition, type OwnKnock, type Refused, type RefusedAddition, Store, type WalkList } from './store';
