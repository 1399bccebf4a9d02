// The service over a real gRPC port, with real clients.
#include "services/territory/territory_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/territory/import_run.h"
#include "tests/support/test_server.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using tests::FieldOf;
using tests::ReasonOf;

constexpr int kConcurrentImports = 3;
constexpr int kConcurrentRows = 2'000;

v1::ImportRowsRequest HeaderMessage(v1::ImportKind kind = v1::IMPORT_KIND_ADDRESSES) {
  v1::ImportRowsRequest message;
  message.mutable_header()->set_kind(kind);
  message.mutable_header()->set_dataset("test");
  return message;
}

v1::ImportRowsRequest Houses(int count) {
  v1::ImportRowsRequest message;
  for (int i = 1; i <= count; ++i) {
    v1::AddressRow& row = *message.add_addresses();
    row.set_line(i);
    row.set_house_number(absl::StrCat(i));
    row.set_street("Main St");
    row.mutable_position()->set_longitude(-77.0 + i * 1e-4);
    row.mutable_position()->set_latitude(38.9);
  }
  return message;
}

class TerritoryServiceTest : public ::testing::Test {
 protected:
  struct Outcome {
    grpc::Status status;
    bool has_summary = false;
    v1::ImportSummary summary;
  };

  TerritoryServiceTest()
      : server_(database_, {"snowfield.territory.v1.TerritoryService"},
                [this](const access::Gate& gate) {
                  return tests::OneService(std::make_unique<TerritoryService>(gate, &database_.pool()));
                }),
        stub_(v1::TerritoryService::NewStub(server_.channel())),
        campaign_(tests::MakeCampaign(database_)) {}

  Outcome Import(const std::vector<v1::ImportRowsRequest>& messages, const std::string& token) {
    const auto context = server_.As(token);
    const auto stream = stub_->ImportRows(context.get());
    for (const v1::ImportRowsRequest& message : messages) {
      if (!stream->Write(message)) break;
    }
    stream->WritesDone();
    Outcome outcome;
    v1::ImportRowsResponse answer;
    while (stream->Read(&answer)) {
      if (!answer.has_summary()) continue;
      outcome.has_summary = true;
      outcome.summary = answer.summary();
    }
    outcome.status = stream->Finish();
    return outcome;
  }
  Outcome Import(const std::vector<v1::ImportRowsRequest>& messages) { return Import(messages, campaign_.owner_token); }

  v1::GetTerritoryResponse Territory() {
    v1::GetTerritoryResponse response;
    const grpc::Status status = stub_->GetTerritory(server_.As(campaign_.owner_token).get(), {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  tests::TestDatabase database_;
  tests::TestServer server_;
  std::unique_ptr<v1::TerritoryService::Stub> stub_;
  tests::TestCampaign campaign_;
};

TEST_F(TerritoryServiceTest, AnImportIsCountedListedAndShown) {
  const Outcome outcome = Import({HeaderMessage(), Houses(1000), Houses(5)});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  ASSERT_TRUE(outcome.has_summary);
  EXPECT_EQ(outcome.summary.received(), 1005);
  const v1::GetTerritoryResponse territory = Territory();
  EXPECT_EQ(territory.doors(), 1005);
  EXPECT_EQ(territory.address_points(), 1000);
  EXPECT_DOUBLE_EQ(territory.south_west().longitude(), -77.0 + 1e-4);
  EXPECT_DOUBLE_EQ(territory.north_east().longitude(), -77.0 + 1000 * 1e-4);
  ASSERT_TRUE(Import({HeaderMessage(), Houses(7)}).status.ok());

  v1::ListImportsRequest request;
  request.set_page_size(1);
  std::vector<int64_t> received;
  do {
    v1::ListImportsResponse page;
    ASSERT_TRUE(stub_->ListImports(server_.As(campaign_.owner_token).get(), request, &page).ok());
    for (const v1::ImportRecord& record : page.imports()) {
      received.push_back(record.summary().received());
      EXPECT_EQ(record.kind(), v1::IMPORT_KIND_ADDRESSES);
      EXPECT_EQ(record.dataset(), "test");
      EXPECT_GT(record.create_time().seconds(), 0);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(received, ElementsAre(7, 1005));
}

TEST_F(TerritoryServiceTest, TheHeaderComesFirstAndOnce) {
  Outcome outcome = Import({Houses(1)});
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(outcome.status), "HEADER_MISSING");
  EXPECT_EQ(FieldOf(outcome.status), "header");
  EXPECT_EQ(ReasonOf(Import({}).status), "HEADER_MISSING");
  EXPECT_EQ(ReasonOf(Import({HeaderMessage(), Houses(1), HeaderMessage()}).status), "HEADER_REPEATED");
  EXPECT_EQ(ReasonOf(Import({HeaderMessage()}).status), "NO_ROWS");
  EXPECT_EQ(Territory().doors(), 0);
}

TEST_F(TerritoryServiceTest, AClientThatCancelsLeavesNothing) {
  {
    const auto context = server_.As(campaign_.owner_token);
    const auto stream = stub_->ImportRows(context.get());
    ASSERT_TRUE(stream->Write(HeaderMessage()));
    // Progress comes every kProgressRows: the server has taken the rows when the first is there.
    for (int64_t sent = 0; sent < kProgressRows; sent += kBatchRowsMax)
      ASSERT_TRUE(stream->Write(Houses(kBatchRowsMax)));
    v1::ImportRowsResponse answer;
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_EQ(answer.progress().received(), kProgressRows);
    context->TryCancel();
    while (stream->Read(&answer)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(Territory().doors(), 0);
  EXPECT_TRUE(Import({HeaderMessage(), Houses(3)}).status.ok());
  EXPECT_EQ(Territory().doors(), 3);
}

TEST_F(TerritoryServiceTest, ImportsOfOneDataSetAtOnceDoNotDoubleIt) {
  std::vector<std::thread> threads;
  std::vector<Outcome> outcomes(kConcurrentImports);
  for (Outcome& outcome : outcomes) {
    threads.emplace_back([&] {
      std::vector<v1::ImportRowsRequest> messages = {HeaderMessage()};
      for (int i = 0; i < kConcurrentRows; i += kBatchRowsMax) {
        messages.push_back(Houses(kBatchRowsMax));
        for (v1::AddressRow& row : *messages.back().mutable_addresses()) row.set_street(absl::StrCat("Street ", i));
      }
      outcome = Import(messages);
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t inserted = 0;
  for (const Outcome& outcome : outcomes) {
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    EXPECT_EQ(outcome.summary.inserted() + outcome.summary.unchanged(), kConcurrentRows);
    inserted += outcome.summary.inserted();
  }
  EXPECT_EQ(inserted, kConcurrentRows);
  EXPECT_EQ(Territory().doors(), kConcurrentRows);
}

TEST_F(TerritoryServiceTest, ImportsAndPeopleAreForThoseWhoMay) {
  const std::string none;
  EXPECT_EQ(Import({HeaderMessage(), Houses(1)}, none).status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  v1::GetTerritoryResponse response;
  EXPECT_EQ(stub_->GetTerritory(server_.As(none).get(), {}, &response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TerritoryServiceTest, UnmatchedPeopleAreListedInPages) {
  v1::ImportRowsRequest people = HeaderMessage(v1::IMPORT_KIND_PEOPLE);
  for (int i = 0; i < 5; ++i) {
    people.add_people()->set_external_id(absl::StrCat("voter-", i));
    people.mutable_people(i)->set_address_line("12 Nowhere St");
  }
  ASSERT_TRUE(Import({people}).status.ok());
  v1::ListUnmatchedPeopleRequest request;
  request.set_page_size(2);
  std::vector<std::string> lines;
  do {
    v1::ListUnmatchedPeopleResponse page;
    ASSERT_TRUE(stub_->ListUnmatchedPeople(server_.As(campaign_.owner_token).get(), request, &page).ok());
    for (const v1::UnmatchedPerson& person : page.people()) {
      lines.push_back(absl::StrCat(person.external_id(), " ", person.reason()));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(lines, ElementsAre("voter-0 STREET_UNKNOWN", "voter-1 STREET_UNKNOWN", "voter-2 STREET_UNKNOWN",
                                 "voter-3 STREET_UNKNOWN", "voter-4 STREET_UNKNOWN"));
}

TEST_F(TerritoryServiceTest, UniversesAreMadeAndListed) {
  ASSERT_TRUE(Import({HeaderMessage(), Houses(4)}).status.ok());
  v1::CreateUniverseRequest request;
  request.set_request_id("11111111-2222-4333-8444-555555555555");
  request.mutable_universe()->set_name("All");
  v1::CreateUniverseResponse made;
  ASSERT_TRUE(stub_->CreateUniverse(server_.As(campaign_.owner_token).get(), request, &made).ok());
  v1::ListUniversesResponse list;
  ASSERT_TRUE(stub_->ListUniverses(server_.As(campaign_.owner_token).get(), {}, &list).ok());
  ASSERT_EQ(list.universes_size(), 1);
  EXPECT_EQ(list.universes(0).doors(), 4);
  EXPECT_EQ(list.universes(0).SerializeAsString(), made.universe().SerializeAsString());
  v1::ListUniversesRequest bad;
  bad.set_page_token("rubbish");
  const grpc::Status status = stub_->ListUniverses(server_.As(campaign_.owner_token).get(), bad, &list);
  EXPECT_EQ(FieldOf(status), "page_token");
}
}  // namespace
}  // namespace snowfield::territory
