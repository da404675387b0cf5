-- Opens the file on the command line in Neovim's own language client, applies the quick fix at the
-- first diagnostic, and writes the file.  What it saw goes to standard error, one fact a line.

local server = vim.split(vim.env.TRICKLINT_SERVER, "\n")
local patience = 60000

local function say(name, value)
  io.stderr:write(name .. "=" .. tostring(value) .. "\n")
end

local function wait(what, predicate)
  if not vim.wait(patience, predicate, 20) then
    error("waited in vain for " .. what)
  end
end

local function position(diagnostic)
  return string.format("%d:%d-%d:%d", diagnostic.lnum, diagnostic.col, diagnostic.end_lnum, diagnostic.end_col)
end

local function hover(buffer, client)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = client:request_sync("textDocument/hover", params, patience, buffer)
  return answer and answer.result and answer.result.contents.value or ""
end

local function run()
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start({ name = "tricklint", cmd = server, root_dir = vim.fn.getcwd() })
  local client = assert(vim.lsp.get_client_by_id(id))
  wait("a diagnostic", function()
    return #vim.diagnostic.get(buffer) > 0
  end)
  local found = vim.diagnostic.get(buffer)
  say("count", #found)
  say("code", found[1].code)
  say("source", found[1].source)
  say("encoding", client.offset_encoding)
  say("position", position(found[1]))
  vim.api.nvim_win_set_cursor(0, { found[1].lnum + 1, found[1].col })
  say("hover", hover(buffer, client):find("## Why", 1, true) ~= nil)

  local before = vim.api.nvim_buf_get_changedtick(buffer)
  vim.lsp.buf.code_action({
    context = { only = { "quickfix" } },
    filter = function(action)
      return action.isPreferred
    end,
    apply = true,
  })
  wait("the fix", function()
    return vim.api.nvim_buf_get_changedtick(buffer) > before
  end)
  wait("the end of the diagnostic", function()
    return #vim.diagnostic.get(buffer) == 0
  end)
  vim.cmd("silent write")
  client:stop()
  wait("the end of the server", function()
    return client:is_stopped()
  end)
  say("done", true)
end

vim.api.nvim_create_autocmd("VimEnter", {
  callback = vim.schedule_wrap(function()
    local ok, message = pcall(run)
    if not ok then
      io.stderr:write(tostring(message) .. "\n")
    end
    vim.cmd(ok and "qall!" or "cquit 1")
  end),
})
