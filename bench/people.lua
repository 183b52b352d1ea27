-- wrk: every request comes from the next of many signed-in people. BENCH_POST=yes makes it their next try at a question.
local people, turn = {}, 0

function init()
  for line in io.lines(os.getenv("BENCH_SESSIONS")) do
    local cookie, token = line:match("^(.-)\t(.*)$")
    people[#people + 1] = { cookie = cookie, token = token, try = 0 }
  end
end

function request()
  turn = turn % #people + 1
  local person = people[turn]
  local headers = { ["Cookie"] = person.cookie }
  if os.getenv("BENCH_POST") ~= "yes" then
    return wrk.format("GET", nil, headers)
  end
  person.try = person.try + 1
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  local body = "csrf_token=" .. person.token .. "&try_number=" .. person.try .. "&answer=a"
  return wrk.format("POST", nil, headers, body)
end
