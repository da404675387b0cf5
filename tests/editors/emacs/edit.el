;;; edit.el --- Drive Eglot against the language server  -*- lexical-binding: t; -*-

;; Opens the file named in TRICKLINT_FILE, applies the quick fix at the first diagnostic and saves
;; it.  What it saw goes to standard output, one fact a line.

(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa")
(package-initialize)
(require 'eglot)
(require 'flymake)

(defconst patience 60 "Seconds to wait for anything.")

(defun say (name value)
  "Print the fact NAME with its VALUE."
  (princ (format "\n%s=%s\n" name value)))

(defun wait (what predicate)
  "Let the server talk until PREDICATE holds; WHAT is for people."
  (let ((end (+ (float-time) patience)) (value nil))
    (while (not (setq value (funcall predicate)))
      (when (> (float-time) end)
        (error "Waited in vain for %s" what))
      ;; Idle timers, which send changes and start Flymake, do not run in batch mode.
      (eglot--signal-textDocument/didChange)
      (flymake-start)
      (accept-process-output nil 0.05))
    value))

(setq eglot-sync-connect 30
      eglot-connect-timeout 60
      eglot-send-changes-idle-time 0
      eglot-confirm-server-initiated-edits nil
      create-lockfiles nil
      make-backup-files nil)

(find-file (getenv "TRICKLINT_FILE"))
(python-mode)
(setq eglot-server-programs
      (cons (cons 'python-mode (split-string (getenv "TRICKLINT_SERVER") "\n"))
            eglot-server-programs))
(apply #'eglot (eglot--guess-contact))
(wait "a diagnostic" #'flymake-diagnostics)
(let* ((found (flymake-diagnostics))
       (first (car found)))
  (say "count" (length found))
  (say "text" (flymake-diagnostic-text first))
  (say "underlined" (buffer-substring-no-properties
                     (flymake-diagnostic-beg first) (flymake-diagnostic-end first)))
  (goto-char (flymake-diagnostic-beg first))
  ;; Eglot asks which one; the empty line on standard input takes the preferred one.
  (let ((last-nonmenu-event t))
    (eglot-code-actions (point) (point) "quickfix" t)))
(wait "the fix" #'buffer-modified-p)
(wait "the end of the diagnostic" (lambda () (null (flymake-diagnostics))))
(save-buffer)
(eglot-shutdown (eglot-current-server))
(say "done" t)
