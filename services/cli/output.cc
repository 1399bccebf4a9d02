#include "services/cli/output.h"

#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/character_count.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {
constexpr int kBarCells = 28;
constexpr int64_t kTerminalEveryMs = 80;
constexpr int64_t kLineEveryMs = 3000;

// Columns that a text takes on a terminal: UTF-8 continuation bytes take none.
size_t Width(const std::string& text) { return static_cast<size_t>(base::CharacterCount(text)); }

bool LooksNumeric(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.,-+% ") == std::string::npos;
}
}  // namespace

Table::Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

void Table::Print() const {
  const size_t columns = rows_.front().size();
  std::vector<size_t> widths(columns, 0);
  std::vector<bool> numeric(columns, rows_.size() > 1);
  for (size_t r = 0; r < rows_.size(); ++r) {
    for (size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], Width(rows_[r][c]));
      if (r > 0 && !rows_[r][c].empty() && !LooksNumeric(rows_[r][c])) numeric[c] = false;
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    for (size_t c = 0; c < columns; ++c) {
      const std::string pad(widths[c] - Width(row[c]), ' ');
      absl::StrAppend(&line, c == 0 ? "" : "  ", numeric[c] ? absl::StrCat(pad, row[c]) : absl::StrCat(row[c], pad));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%s\n", line.c_str());
  }
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  if (google::protobuf::util::MessageToJsonString(message, &text, options).ok()) std::printf("%s\n", text.c_str());
}

std::string WithCommas(int64_t number) {
  const std::string digits = absl::StrCat(number < 0 ? -number : number);
  std::string text = number < 0 ? "-" : "";
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string WordOf(const std::string& name, std::string_view prefix) { return name.substr(prefix.size()); }

std::string DayAndTime(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::LocalTimeZone());
}

std::string DateAndTime(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::LocalTimeZone());
}

std::string Fixed(double number, int digits) { return absl::StrFormat("%.*f", digits, number); }

std::string AddressLine(const std::string& house_number, const std::string& street, const std::string& unit) {
  return absl::StrCat(house_number, " ", street, unit.empty() ? "" : ", ", unit);
}

ProgressBar::ProgressBar(std::string title, bool quiet)
    : title_(std::move(title)), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (!finished_ && terminal_ && !quiet_ && last_print_ms_ != 0) std::fputc('\n', stderr);
}

void ProgressBar::Update(double fraction, std::string_view note) {
  if (quiet_) return;
  const int64_t now_ms = absl::ToUnixMillis(absl::Now());
  if (now_ms - last_print_ms_ < (terminal_ ? kTerminalEveryMs : kLineEveryMs)) return;
  last_print_ms_ = now_ms;
  const std::string percent = fraction < 0 ? "" : absl::StrFormat("%3.0f %%  ", std::min(fraction, 1.0) * 100);
  if (!terminal_) {
    std::fprintf(stderr, "%s  %s%.*s\n", title_.c_str(), percent.c_str(), static_cast<int>(note.size()), note.data());
    return;
  }
  const int full = fraction < 0 ? 0 : static_cast<int>(std::min(fraction, 1.0) * kBarCells);
  std::string bar;
  for (int i = 0; i < kBarCells; ++i) bar += i < full ? "█" : "░";
  std::fprintf(stderr, "\r\033[K%s %s %s%.*s", title_.c_str(), bar.c_str(), percent.c_str(),
               static_cast<int>(note.size()), note.data());
  std::fflush(stderr);
}

void ProgressBar::Finish(std::string_view note) {
  finished_ = true;
  if (quiet_) return;
  std::fprintf(stderr, "%s%s  %.*s\n", terminal_ ? "\r\033[K" : "", title_.c_str(), static_cast<int>(note.size()),
               note.data());
}

}  // namespace snowfield::cli
