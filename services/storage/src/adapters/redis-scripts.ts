// The read model's scripts. Redis runs each whole or not at all, so that guard and effect can't come apart.

/**
 * Writes entries of one list, each only if it is newer than what is there.
 * KEYS: queue, counts, referrals, then one hash an entry. ARGV: for each entry its id and 8 fields, in the order of
 * `ENTRY_FIELDS`. Returns how many were newer.
 */
const WRITE_ENTRIES = `
local written = 0
for i = 4, #KEYS do
  local at = (i - 4) * 9
  local id, offset, status, position = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local referredBy = ARGV[at + 7]
  local stored = redis.call('HMGET', KEYS[i], 'lastOffset', 'status', 'referredBy')
  if not stored[1] or tonumber(stored[1]) < tonumber(offset) then
    if stored[2] then redis.call('HINCRBY', KEYS[2], stored[2], -1) end
    redis.call('HINCRBY', KEYS[2], status, 1)
    if stored[3] and stored[3] ~= '' then redis.call('HINCRBY', KEYS[3], stored[3], -1) end
    if referredBy ~= '' then redis.call('HINCRBY', KEYS[3], referredBy, 1) end
    if status == 'waiting' or status == 'pending' then
      redis.call('ZADD', KEYS[1], position, id)
    else
      redis.call('ZREM', KEYS[1], id)
    end
    redis.call('HSET', KEYS[i], 'lastOffset', offset, 'status', status, 'position', position,
      'joinOffset', ARGV[at + 5], 'joinedAt', ARGV[at + 6], 'referredBy', referredBy,
      'inviteCode', ARGV[at + 8], 'inviteExpiresAt', ARGV[at + 9])
    written = written + 1
  end
end
return written
`;

/** The order of an entry's fields in the arguments of `WRITE_ENTRIES`, after its id. */
export const ENTRY_FIELDS = [
  "lastOffset",
  "status",
  "position",
  "joinOffset",
  "joinedAt",
  "referredBy",
  "inviteCode",
  "inviteExpiresAt",
] as const;

/**
 * Moves a partition's cursor on, if the model holds everything before `first`; otherwise leaves it and answers 0.
 * KEYS: the cursor. ARGV: first, next, run id. A cursor of another run is not moved: that run's end is unknown.
 */
const ADVANCE_CURSOR = `
local stored = redis.call('GET', KEYS[1])
if not stored then return 0 end
local next, run = string.match(stored, '^(%d+):(.+)$')
if run ~= ARGV[3] or tonumber(next) < tonumber(ARGV[1]) then return 0 end
if tonumber(next) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[2] .. ':' .. ARGV[3]) end
return 1
`;

/**
 * Begins a rebuild: takes a cursor away that is behind, so that nobody believes the model meanwhile, and answers the
 * epoch, which is `epoch` where there is none. KEYS: cursor, epoch. ARGV: next, epoch.
 */
const BEGIN_REBUILD = `
local stored = redis.call('GET', KEYS[1])
if stored and tonumber(string.match(stored, '^%d+') or -1) < tonumber(ARGV[1]) then redis.call('DEL', KEYS[1]) end
redis.call('SETNX', KEYS[2], ARGV[2])
return redis.call('GET', KEYS[2])
`;

/**
 * Says that the model holds everything below `next`, unless it was emptied since `epoch` was read (then 0). Within a
 * run the cursor never goes back. KEYS: cursor, epoch. ARGV: next, run id, epoch.
 */
const STAMP_CURSOR = `
if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
local stored = redis.call('GET', KEYS[1])
local next, run = string.match(stored or '', '^(%d+):(.+)$')
if run == ARGV[2] and tonumber(next) >= tonumber(ARGV[1]) then return 1 end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 1
`;

export const SCRIPTS = { WRITE_ENTRIES, ADVANCE_CURSOR, BEGIN_REBUILD, STAMP_CURSOR };
