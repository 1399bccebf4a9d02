#include "services/cli/files/csv_table.h"

#include <csv.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/line_reader.h"
#include "services/cli/files/text_encoding.h"

namespace snowfield::cli {
namespace {

// The fields of the records that one call of csv_parse() completed.
struct ParsedFields {
  std::vector<std::string> open;                  // fields of the record that is not yet complete
  std::vector<std::vector<std::string>> records;  // usually one; more where lines end in CR alone
};

void OnField(void* text, size_t bytes, void* out) {
  static_cast<ParsedFields*>(out)->open.emplace_back(static_cast<const char*>(text), bytes);
}

void OnRecord(int, void* out) {
  auto* fields = static_cast<ParsedFields*>(out);
  fields->records.push_back(std::exchange(fields->open, {}));
}

// libcsv's parser with its life time.
class CsvParser {
 public:
  explicit CsvParser(char delimiter) : delimiter_(delimiter) { Init(); }
  ~CsvParser() { csv_free(&parser_); }
  CsvParser(const CsvParser&) = delete;
  CsvParser& operator=(const CsvParser&) = delete;

  void Reset() {
    csv_free(&parser_);
    fields_ = {};
    Init();
  }
  bool Parse(std::string_view text) {
    return csv_parse(&parser_, text.data(), text.size(), OnField, OnRecord, &fields_) == text.size();
  }
  bool Finish() { return csv_fini(&parser_, OnField, OnRecord, &fields_) == 0; }
  ParsedFields& fields() { return fields_; }

 private:
  void Init() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter_));
  }

  char delimiter_;
  csv_parser parser_;
  ParsedFields fields_;
};

char SniffDelimiter(std::string_view header) {
  char best = ',';
  ptrdiff_t best_count = 0;
  for (const char candidate : {',', '\t', ';'}) {
    ptrdiff_t count = 0;
    bool quoted = false;
    for (const char c : header) {
      if (c == '"') quoted = !quoted;
      if (!quoted && c == candidate) ++count;
    }
    if (count > best_count) {
      best = candidate;
      best_count = count;
    }
  }
  return best;
}

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); });
}

absl::Status HeaderProblem(std::string_view message) {
  return base::InvalidField("file", "HEADER_UNREADABLE", message);
}

class CsvTable : public TableReader {
 public:
  CsvTable(std::unique_ptr<LineReader> lines, TextDecoder decoder, CsvOptions options)
      : lines_(std::move(lines)), decoder_(std::move(decoder)), options_(std::move(options)) {}

  absl::Status ReadHeader();

  const std::vector<std::string>& columns() const override { return columns_; }
  bool has_geometry() const override { return false; }
  double Fraction() const override { return lines_->Fraction(); }
  absl::StatusOr<bool> Next(Record& record, RowSink& sink) override;

 private:
  using Line = LineReader::Line;

  absl::StatusOr<bool> NextLine(Line& line);
  absl::StatusOr<bool> ParseMore(RowSink& sink);
  absl::StatusOr<bool> ParseEnd(RowSink& sink);
  bool LineFits(const Line& line, RowSink& sink) const;
  void CompleteRecords(RowSink& sink);
  void GiveUpOnRecord(RowSink& sink, std::string_view reason, std::string_view message);

  std::unique_ptr<LineReader> lines_;
  TextDecoder decoder_;
  CsvOptions options_;
  std::vector<std::string> columns_;
  std::unique_ptr<CsvParser> parser_;
  std::vector<Line> open_lines_;  // lines of the record being read; read again when the record turns out broken
  size_t open_bytes_ = 0;
  std::deque<Line> again_;  // lines to read again, before those of the file
  std::deque<Record> ready_;
};

absl::Status CsvTable::ReadHeader() {
  Line line;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool more, lines_->Next(line));
    if (!more) {
      return base::InvalidField("file", "FILE_EMPTY",
                                "the file is empty; it must hold a line of column names and rows");
    }
    if (line.number == 1 && line.text.starts_with("\xEF\xBB\xBF")) line.text.erase(0, 3);
    if (line.text.starts_with("\xFF\xFE") || line.text.starts_with("\xFE\xFF") ||
        line.text.find('\0') != std::string::npos) {
      return HeaderProblem("the file is not plain text (UTF-16, or not a CSV at all); save it as CSV in UTF-8");
    }
    if (line.too_long) {
      return HeaderProblem(absl::StrCat("the first line is longer than ", kLineBytesMax,
                                        " bytes; the file is no CSV, or its line ends are missing"));
    }
  } while (IsBlank(line.text));
  const auto text = decoder_.Decode(line.text);
  if (!text.ok()) return HeaderProblem(base::MessageOf(text.status()));
  parser_ = std::make_unique<CsvParser>(options_.delimiter != 0 ? options_.delimiter : SniffDelimiter(*text));
  if (!parser_->Parse(*text) || (parser_->fields().records.empty() && !parser_->Finish()) ||
      parser_->fields().records.empty()) {
    return HeaderProblem("the quotes of the first line don't pair up; it must hold the column names");
  }
  columns_ = parser_->fields().records.front();
  for (std::string& column : columns_) column = std::string(absl::StripAsciiWhitespace(column));
  if (columns_.size() > kColumnsMax) return HeaderProblem("the first line names more than 2,000 columns");
  // Where lines end in CR alone, the first rows came with the header.
  std::vector<std::vector<std::string>> rest(parser_->fields().records.begin() + 1, parser_->fields().records.end());
  uint64_t number = line.number;
  for (auto& values : rest) ready_.push_back({.line = ++number, .values = std::move(values), .parts = {}});
  parser_->Reset();
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvTable::NextLine(Line& line) {
  if (again_.empty()) return lines_->Next(line);
  line = std::move(again_.front());
  again_.pop_front();
  return true;
}

bool CsvTable::LineFits(const Line& line, RowSink& sink) const {
  if (line.too_long) {
    sink.TakeIssue(Rejection(line.number, "LINE_TOO_LONG", "",
                             absl::StrCat("the line is longer than ", kLineBytesMax, " bytes; shorten or remove it")));
    return false;
  }
  if (line.text.find('\0') != std::string::npos) {
    sink.TakeIssue(Rejection(line.number, "NUL_BYTE", "", "the line holds a zero byte; remove it and import again"));
    return false;
  }
  return true;
}

// The record that is being read can't be: report its first line and read those after it again, each for itself.
void CsvTable::GiveUpOnRecord(RowSink& sink, std::string_view reason, std::string_view message) {
  sink.TakeIssue(Rejection(open_lines_.front().number, reason, "", message));
  again_.insert(again_.begin(), std::make_move_iterator(open_lines_.begin() + 1),
                std::make_move_iterator(open_lines_.end()));
  open_lines_.clear();
  open_bytes_ = 0;
  parser_->Reset();
}

void CsvTable::CompleteRecords(RowSink& sink) {
  uint64_t number = open_lines_.front().number;
  for (std::vector<std::string>& values : parser_->fields().records) {
    const uint64_t line = number++;
    if (values.size() != columns_.size()) {
      sink.TakeIssue(Rejection(line, "COLUMN_COUNT", "",
                               absl::StrCat("the row has ", values.size(), " fields and the header ", columns_.size(),
                                            "; quote fields that hold the delimiter")));
      continue;
    }
    ready_.push_back({.line = line, .values = std::move(values), .parts = {}});
  }
  parser_->fields().records.clear();
  open_lines_.clear();
  open_bytes_ = 0;
}

constexpr std::string_view kQuoteMend =
    "a quote is opened and never closed, or stands inside a field; write it twice inside a quoted field";

absl::StatusOr<bool> CsvTable::ParseMore(RowSink& sink) {
  Line line;
  SNOWFIELD_ASSIGN_OR_RETURN(const bool more, NextLine(line));
  if (!more) return ParseEnd(sink);
  if (open_lines_.empty() && IsBlank(line.text)) return true;
  if (!LineFits(line, sink)) {
    if (!open_lines_.empty()) GiveUpOnRecord(sink, "QUOTES_UNBALANCED", kQuoteMend);
    return true;
  }
  auto text = decoder_.Decode(line.text);
  if (!text.ok()) {
    sink.TakeIssue(Rejection(line.number, "ENCODING_MISMATCH", "", base::MessageOf(text.status())));
    if (!open_lines_.empty()) GiveUpOnRecord(sink, "QUOTES_UNBALANCED", kQuoteMend);
    return true;
  }
  open_bytes_ += line.text.size();
  open_lines_.push_back(std::move(line));
  if (!parser_->Parse(*text) || open_lines_.size() > kRecordLinesMax || open_bytes_ > kRecordBytesMax) {
    GiveUpOnRecord(sink, "QUOTES_UNBALANCED", kQuoteMend);
  } else if (!parser_->fields().records.empty()) {
    CompleteRecords(sink);
  }
  return true;
}

// At the end of the file: the last line may lack its line end.
absl::StatusOr<bool> CsvTable::ParseEnd(RowSink& sink) {
  if (open_lines_.empty()) return false;
  if (!parser_->Finish()) {
    GiveUpOnRecord(sink, "QUOTES_UNBALANCED", kQuoteMend);
  } else {
    CompleteRecords(sink);
    parser_->Reset();
  }
  return true;
}

absl::StatusOr<bool> CsvTable::Next(Record& record, RowSink& sink) {
  while (ready_.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool more, ParseMore(sink));
    if (!more) return false;
  }
  record = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenCsv(const std::string& path, const CsvOptions& options) {
  SNOWFIELD_ASSIGN_OR_RETURN(auto lines, LineReader::Open(path));
  SNOWFIELD_ASSIGN_OR_RETURN(auto decoder, TextDecoder::For(options.encoding));
  auto table = std::make_unique<CsvTable>(std::move(lines), std::move(decoder), options);
  SNOWFIELD_RETURN_IF_ERROR(table->ReadHeader());
  return table;
}

}  // namespace snowfield::cli
