import { type VerifyRequest, verifyProfile } from '../../server/container/index.ts';

// one verification, in a process that may be killed at any moment
await verifyProfile(JSON.parse(process.argv[2]!) as VerifyRequest);
