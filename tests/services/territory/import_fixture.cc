#include "tests/services/territory/import_fixture.h"

#include <deque>

#include "absl/strings/str_cat.h"

namespace snowfield::territory {

std::vector<std::string> Outcome::IssueLines() const {
  std::vector<std::string> lines;
  for (const v1::ImportIssue& issue : issues) {
    EXPECT_FALSE(issue.message().empty());
    lines.push_back(absl::StrCat(issue.line(), " ", issue.reason(), issue.taken() ? " taken" : " rejected"));
  }
  return lines;
}

ImportFixture::ImportFixture() {
  call_.caller.campaign = database_.CreateCampaign("Test");
  call_.caller.member = base::MemberId(1);
}

v1::ImportHeader ImportFixture::Header(v1::ImportKind kind, const std::string& dataset) const {
  v1::ImportHeader header;
  header.set_kind(kind);
  header.set_dataset(dataset);
  return header;
}

Outcome ImportFixture::Import(const v1::ImportHeader& header, const std::vector<v1::ImportRowsRequest>& batches) {
  Outcome outcome;
  auto run = ImportRun::Start(database_.pool(), call_, header, [&](const v1::ImportRowsResponse& answer) {
    if (answer.has_issue()) outcome.issues.push_back(answer.issue());
    if (answer.has_progress()) outcome.stages.push_back(answer.progress().stage());
    return true;
  });
  outcome.status = run.status();
  for (const v1::ImportRowsRequest& batch : batches) {
    if (outcome.status.ok()) outcome.status = (*run)->Take(batch);
  }
  if (!outcome.status.ok()) return outcome;
  const auto summary = (*run)->Finish();
  outcome.status = summary.status();
  if (summary.ok()) outcome.summary = *summary;
  return outcome;
}

Outcome ImportFixture::ImportAddresses(const std::vector<v1::AddressRow>& rows, const std::string& dataset) {
  v1::ImportRowsRequest batch;
  for (const v1::AddressRow& row : rows) *batch.add_addresses() = row;
  return Import(Header(v1::IMPORT_KIND_ADDRESSES, dataset), {batch});
}

Outcome ImportFixture::ImportPeople(const std::vector<v1::PersonRow>& rows, const std::string& dataset) {
  v1::ImportRowsRequest batch;
  for (const v1::PersonRow& row : rows) *batch.add_people() = row;
  return Import(Header(v1::IMPORT_KIND_PEOPLE, dataset), {batch});
}

std::vector<std::string> ImportFixture::Look(const char* sql) {
  static std::deque<std::string> names;
  static std::deque<std::string> texts;
  // Each row as one text column.
  texts.push_back(
      absl::StrCat("select replace(concat_ws('|', variadic array(select coalesce(value, 'null') from "
                   "json_each_text(row_to_json(q)))), '\"', '') from (",
                   sql, ") q"));
  names.push_back(absl::StrCat("look.", names.size()));
  auto transaction = database_.superuser_pool().Begin({});
  EXPECT_TRUE(transaction.ok()) << transaction.status();
  const auto result = transaction->Run({names.back().c_str(), texts.back().c_str()});
  EXPECT_TRUE(result.ok()) << result.status();
  std::vector<std::string> rows;
  if (!result.ok()) return rows;
  for (const db::Row row : *result) rows.emplace_back(row.Text(0));
  return rows;
}

db::Transaction ImportFixture::Begin() {
  auto transaction = database_.pool().Begin(call_.Scope());
  EXPECT_TRUE(transaction.ok()) << transaction.status();
  return *std::move(transaction);
}

v1::AddressRow House(uint64_t line, const std::string& number, const std::string& street, int step) {
  v1::AddressRow row;
  row.set_line(line);
  row.set_house_number(number);
  row.set_street(street);
  row.mutable_position()->set_longitude(-77.03 + step * 1e-6);
  row.mutable_position()->set_latitude(38.9);
  return row;
}

v1::AddressRow Flat(uint64_t line, const std::string& number, const std::string& street, const std::string& unit) {
  v1::AddressRow row = House(line, number, street);
  row.set_unit(unit);
  return row;
}

v1::PersonRow Voter(uint64_t line, const std::string& id, const std::string& address_line) {
  v1::PersonRow row;
  row.set_line(line);
  row.set_external_id(id);
  row.set_last_name("Voter");
  row.set_address_line(address_line);
  return row;
}

}  // namespace snowfield::territory
