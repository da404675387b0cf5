-- Runs the configuration of docs/editors/neovim.md as a person's init.lua would, and looks at what it starts.

local patience = 60000

local function block(number)
  local found = {}
  local page = table.concat(vim.fn.readfile(vim.env.TRICKLINT_PAGE), "\n")
  for text in page:gmatch("```lua\n(.-)```") do
    table.insert(found, text)
  end
  return assert(load(found[number]))
end

for number = 1, 3 do
  block(number)()
end

vim.api.nvim_create_autocmd("VimEnter", {
  callback = vim.schedule_wrap(function()
    local ok, message = pcall(function()
      local buffer = vim.api.nvim_get_current_buf()
      vim.bo[buffer].filetype = "python"
      assert(vim.wait(patience, function()
        return #vim.diagnostic.get(buffer) > 0
      end, 20), "no diagnostic came")
      io.stderr:write("code=" .. vim.diagnostic.get(buffer)[1].code .. "\n")
      vim.cmd("silent write")
      assert(vim.wait(patience, function()
        return #vim.diagnostic.get(buffer) == 0
      end, 20), "nothing was fixed on save")
      vim.cmd("TricklintCheck")
      io.stderr:write("done=true\n")
    end)
    if not ok then
      io.stderr:write("error=" .. message .. "\n")
    end
    vim.cmd(ok and "qall!" or "cquit 1")
  end),
})
