// What the command line prints: tables for people, JSON for programs, a bar for long work.
// Thread safety: one thread each.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace snowfield::cli {

// Columns that fit their widest cell; numbers to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> headings);
  void AddRow(std::vector<std::string> cells);
  // To standard output.
  void Print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// The proto3 JSON form, one line, with the proto's field names, to standard output.
void PrintJson(const google::protobuf::Message& message);

// "73,092"
std::string WithCommas(int64_t number);
// A real with this many digits after the point.
std::string Fixed(double number, int digits);

// "NOT_HOME" of the name KNOCK_RESULT_NOT_HOME of an enum whose names begin with KNOCK_RESULT_.
std::string WordOf(const std::string& name, std::string_view prefix);
// "11-26 10:43" and "2026-11-26 10:43", by this machine's clock.
std::string DayAndTime(const google::protobuf::Timestamp& time);
std::string DateAndTime(const google::protobuf::Timestamp& time);

// "100 Elm Street, Apt 2"; without unit where that is empty.
std::string AddressLine(const std::string& house_number, const std::string& street, const std::string& unit);

// Progress of long work on standard error: a bar on a terminal, a line every few seconds elsewhere, nothing with quiet.
class ProgressBar {
 public:
  explicit ProgressBar(std::string title, bool quiet = false);
  ~ProgressBar();
  // fraction 0 to 1; negative where it is not known. `note` says the rest: "41,000 rows, 3 rejected".
  void Update(double fraction, std::string_view note);
  // Ends the line.
  void Finish(std::string_view note);

 private:
  std::string title_;
  bool quiet_;
  bool terminal_;
  bool finished_ = false;
  int64_t last_print_ms_ = 0;
};

}  // namespace snowfield::cli
