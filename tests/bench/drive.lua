-- For wrk: sends the requests of a plan and checks the answers against it. The plan is a Lua file that returns
--   requests  {{method, path, headers, body}, …}
--   order     "cycle" (again and again) or "once" (each once, then stop)
--   status    what every answer has to have
--   check     nil: wrk itself counts statuses over 399 and broken connections, and `bytes` tells the rest
--             "known": the body is one of `bodies`, by the id it begins with, and that of the request it answers
--             "same": the body is `body`;  "has": the body holds each of `parts`
-- A check costs wrk more than asking does; so the fastest answers are checked in a run of their own.
local ffi = require("ffi")
ffi.cdef [[ struct bench_time { long s; long ns; }; int clock_gettime(int, struct bench_time *); ]]
local function now()
  local t = ffi.new("struct bench_time")
  ffi.C.clock_gettime(1, t)
  return tonumber(t.s) + tonumber(t.ns) / 1e9
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

local plan, ready, at
function init(args)
  plan = dofile(args[1])
  ready, at, sent, answered, wrong, begun, ended, sample = {}, 0, 0, 0, 0, 0, 0, ""
  for i, r in ipairs(plan.requests) do ready[i] = wrk.format(r[1], r[2], r[3], r[4]) end
  if not plan.check then response = nil end
end

function request()
  if sent == 0 then begun = now() end
  if at == #ready then
    if plan.order == "once" then wrk.thread:stop() end
    at = 0
  end
  at, sent = at + 1, sent + 1
  return ready[at]
end

local function fault(status, headers, body)
  if status ~= plan.status then return "status " .. status .. ": " .. body:sub(1, 300) end
  if plan.check == "same" then return body ~= plan.body and "another body: " .. body:sub(1, 300) end
  if plan.check == "known" then
    local id = body:match('"id":"([^"]*)"')
    if plan.bodies[id] ~= body then return "another body: " .. body:sub(1, 300) end
    return headers["X-Request-Id"] ~= id and "the answer to another request: " .. tostring(id)
  end
  for _, part in ipairs(plan.parts) do
    if not body:find(part, 1, true) then return "no " .. part .. " in " .. body:sub(1, 300) end
  end
end

function response(status, headers, body)
  answered = answered + 1
  local found = fault(status, headers, body)
  if found then wrong, sample = wrong + 1, found end
  if plan.order == "once" then ended = now() end
end

function done(summary, latency)
  local wrong, sample, seconds = 0, "", summary.duration / 1e6
  for _, t in ipairs(threads) do
    wrong = wrong + t:get("wrong")
    if t:get("sample") ~= "" then sample = t:get("sample") end
    -- wrk waits for its whole time even when the requests have run out.
    if t:get("ended") > 0 then seconds = t:get("ended") - t:get("begun") end
  end
  local e = summary.errors
  io.write(string.format("\nRESULT %d %.6f %d %d %d %d %d %d\n", summary.requests, seconds, summary.bytes,
    latency:percentile(50), latency:percentile(99), wrong, e.status, e.connect + e.read + e.write + e.timeout))
  if sample ~= "" then io.write("SAMPLE " .. sample:gsub("[\r\n]", " ") .. "\n") end
end
