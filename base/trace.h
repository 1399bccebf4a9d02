// Trace: which request of a client a line of the log, or a statement of the database, belongs to.
//
// A client may send a W3C traceparent (https://www.w3.org/TR/trace-context/): its trace id then goes with the call as
// far as the log and the database's own log. A call without one is given a trace id, so that an error that a person
// reports can be found. Invariants: a trace id is 32 lower-case hexadecimal digits, not all zero. It tells nothing of
// who or what.
// Thread safety: a scope belongs to the thread that made it; scopes nest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowfield::base {

// The trace id of a traceparent header of any version; none where the header is not one ("00-0af7...-b7ad...-01").
std::optional<std::string> TraceIdOf(std::string_view traceparent);
// A random one.
std::string NewTraceId();

// From here to its end, what this thread does is of this trace.
class TraceScope {
 public:
  // Takes what TraceIdOf() or NewTraceId() gave.
  explicit TraceScope(std::string trace_id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string outer_;
};

// The trace of this thread now; empty where there is none.
const std::string& CurrentTraceId();

}  // namespace snowfield::base
