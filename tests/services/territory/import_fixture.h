// What tests of imports share: a campaign, imports run without a server, and a look at what they stored.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/territory/import_run.h"
#include "tests/support/test_database.h"

namespace snowfield::territory {

struct Outcome {
  absl::Status status;
  v1::ImportSummary summary;
  std::vector<v1::ImportIssue> issues;
  std::vector<std::string> stages;

  // "3 EXTERNAL_ID_REPEATED external_id no": line, reason, field, taken.
  std::vector<std::string> IssueLines() const;
};

class ImportFixture : public ::testing::Test {
 protected:
  ImportFixture();

  v1::ImportHeader Header(v1::ImportKind kind, const std::string& dataset = "test") const;
  Outcome Import(const v1::ImportHeader& header, const std::vector<v1::ImportRowsRequest>& batches);
  Outcome ImportAddresses(const std::vector<v1::AddressRow>& rows, const std::string& dataset = "test");
  Outcome ImportPeople(const std::vector<v1::PersonRow>& rows, const std::string& dataset = "voters");

  // Rows of a query as text, columns joined by '|', null as "null". `sql` must be a literal; its name is made from it.
  std::vector<std::string> Look(const char* sql);
  db::Transaction Begin();

  tests::TestDatabase database_;
  access::Call call_;
};

// A house 10 cm further east for each `step`.
v1::AddressRow House(uint64_t line, const std::string& number, const std::string& street, int step = 0);
v1::AddressRow Flat(uint64_t line, const std::string& number, const std::string& street, const std::string& unit);
v1::PersonRow Voter(uint64_t line, const std::string& id, const std::string& address_line);

}  // namespace snowfield::territory
