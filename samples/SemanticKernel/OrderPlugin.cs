using System.ComponentModel;
using Microsoft.SemanticKernel;

namespace KernelSample;

/// <summary>What the shop knows about orders.</summary>
internal sealed class OrderPlugin
{
    private readonly Dictionary<int, string> _orders = new() { [83417] = "in the van, with you before noon", [20931] = "packed" };

    [KernelFunction("status")]
    [Description("Says where an order is.")]
    public string Status([Description("The order's number.")] int order)
    {
        Console.WriteLine($"  (the plugin is asked about order {order})");
        return _orders.GetValueOrDefault(order, "unknown");
    }
}
