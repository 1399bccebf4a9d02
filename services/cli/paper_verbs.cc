#include "services/cli/paper_verbs.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/cli/paper_entry_verbs.h"
#include "services/cli/paper_file_verbs.h"
#include "services/cli/paper_scan_verbs.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
using pb::PaperService;

struct PaperOrder {
  std::string list_number;
  std::string out;
  std::string request_id;
  bool letter = false;
  bool large_type = false;
};

std::string_view SizeName(pb::PaperSize size) { return size == pb::PAPER_SIZE_LETTER ? "Letter" : "A4"; }

absl::Status Print(const Session& session, const PaperOrder& order) {
  pb::PrintPacketRequest request;
  request.set_request_id(order.request_id.empty() ? base::Uuid::Random().ToString() : order.request_id);
  request.set_list_number(order.list_number);
  request.set_paper_size(order.letter ? pb::PAPER_SIZE_LETTER : pb::PAPER_SIZE_A4);
  request.set_large_type(order.large_type);
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = PaperService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  const auto reader = stub->PrintPacket(&context, request);
  pb::Packet packet;
  std::string pdf;
  for (pb::PrintPacketResponse part; reader->Read(&part);) {
    if (part.has_packet()) packet = part.packet();
    pdf += part.pdf();
  }
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  const std::string path = order.out.empty() ? absl::StrCat("list-", packet.list_number(), ".pdf") : order.out;
  std::ofstream file(path, std::ios::binary);
  file.write(pdf.data(), static_cast<std::streamsize>(pdf.size()));
  file.close();
  if (!file) {
    return base::InvalidField("--out", "FILE_NOT_WRITTEN",
                              absl::StrCat("can't write ", path, ": is there room, and a right to?"));
  }
  if (session.json) {
    PrintJson(packet);
  } else {
    std::printf("packet %lld: list %s, %d doors on %d pages, %s%s, in %s\n", static_cast<long long>(packet.packet_id()),
                packet.list_number().c_str(), packet.door_count(), packet.page_count(),
                std::string(SizeName(packet.paper_size())).c_str(), packet.large_type() ? ", large type" : "",
                path.c_str());
  }
  return absl::OkStatus();
}

absl::Status List(const Session& session, const PaperOrder& order) {
  pb::ListPacketsRequest request;
  request.set_list_number(order.list_number);
  Table table({"packet", "list", "turf", "doors", "pages", "paper", "printed by", "at"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListPacketsResponse response,
                               CallOnce(session, request, &PaperService::Stub::ListPackets));
    if (session.json) PrintJson(response);
    for (const pb::Packet& packet : response.packets()) {
      table.AddRow({absl::StrCat(packet.packet_id()), packet.list_number(), absl::StrCat(packet.turf_number()),
                    absl::StrCat(packet.door_count()), absl::StrCat(packet.page_count()),
                    absl::StrCat(std::string(SizeName(packet.paper_size())), packet.large_type() ? ", large" : ""),
                    absl::StrCat(packet.member_id()), DayAndTime(packet.create_time())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddPaperVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<PaperOrder>();
  CLI::App* packet = app.add_subcommand("packet", "Walk lists on paper")->require_subcommand(1);
  CLI::App* print = packet->add_subcommand("print", "A list as a PDF: map, script, and sheets to mark");
  print->footer(
      "Examples:\n"
      "  snowfield packet print --list 12345672\n"
      "  snowfield packet print --list 12345672 --letter --large-type --out saturday.pdf");
  print->add_option("--list", order->list_number, "Which: eight digits")->required();
  print->add_option("--out", order->out, "The file (list-NUMBER.pdf)");
  print->add_flag("--letter", order->letter, "On Letter paper, in place of A4");
  print->add_flag("--large-type", order->large_type, "Letters and bubbles a third larger");
  print->add_option("--request-id", order->request_id, "A UUID; the same one prints the same packet again");
  print->callback([&session, order] { session.run = [&session, order] { return Print(session, *order); }; });

  CLI::App* list = packet->add_subcommand("list", "What was printed, the newest first");
  list->footer("Example:\n  snowfield packet list --list 12345672");
  list->add_option("--list", order->list_number, "Of one list");
  list->callback([&session, order] { session.run = [&session, order] { return List(session, *order); }; });

  CLI::App* paper =
      app.add_subcommand("paper", "Sheets that came back: key, scan or import them")->require_subcommand(1);
  AddPaperEntryVerbs(*paper, session);
  AddPaperScanVerbs(*paper, session);
  AddPaperFileVerbs(*paper, session);
}

}  // namespace snowfield::cli
