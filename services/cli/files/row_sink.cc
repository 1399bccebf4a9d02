#include "services/cli/files/row_sink.h"

namespace snowfield::cli {
namespace {

ImportIssue MakeIssue(uint64_t line, std::string_view reason, std::string_view field, std::string_view message) {
  ImportIssue issue;
  issue.set_line(line);
  issue.set_reason(std::string(reason));
  issue.set_field(std::string(field));
  issue.set_message(std::string(message));
  return issue;
}

}  // namespace

uint64_t LineOf(const ImportRow& row) {
  return std::visit([](const auto& message) { return message.line(); }, row);
}

ImportIssue Rejection(uint64_t line, std::string_view reason, std::string_view field, std::string_view message) {
  return MakeIssue(line, reason, field, message);
}

ImportIssue Remark(uint64_t line, std::string_view reason, std::string_view field, std::string_view message) {
  ImportIssue issue = MakeIssue(line, reason, field, message);
  issue.set_taken(true);
  return issue;
}

}  // namespace snowfield::cli
